/** A peer of U1: the smallest page of React and socket.io that shows one live row. */
import { createElement as h, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { io } from 'socket.io-client';

function Row() {
  const [operation, show] = useState({ message: '', progress: 0 });
  useEffect(() => {
    const socket = io();
    socket.on('operation', show);
    return () => socket.close();
  }, []);
  return h('p', null, operation.message, h('progress', { max: 100, value: operation.progress }));
}

createRoot(globalThis.document.body).render(h(Row));
