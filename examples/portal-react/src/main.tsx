import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Portal } from './portal.js';

const root = document.querySelector<HTMLElement>('#root');
if (!root) throw new Error('the page has no #root');
createRoot(root).render(
  <StrictMode>
    <Portal signalbox={root.dataset['signalbox'] ?? ''} />
  </StrictMode>,
);
