/** The look of /docs: the console's paper and ink. It stands in the page itself, and the page's policy names it by its hash. */
export const style = `
:root {
  color-scheme: light dark;
  --page: light-dark(#f2f4f1, #0e1412);
  --surface: light-dark(#ffffff, #161e1a);
  --sunken: light-dark(#e9ede8, #0a0f0d);
  --line: light-dark(#d3dad4, #2b3731);
  --ink: light-dark(#15201b, #e5ebe7);
  --ink-2: light-dark(#435049, #b3bfb8);
  --mono: ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, monospace;
}
* { box-sizing: border-box; }
html { scroll-padding-top: 16px; }
body {
  margin: 0 auto; padding: 24px 16px 64px; max-width: 64rem;
  background: var(--page); color: var(--ink);
  font: 400 0.875rem/1.45 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif;
}
a { color: inherit; }
a:focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; }
code { font-family: var(--mono); font-size: 0.8125rem; overflow-wrap: anywhere; }
h1 { font-size: 1.625rem; line-height: 1.2; margin: 0 0 8px; }
h2 { font-size: 1.25rem; margin: 40px 0 12px; text-transform: capitalize; }
h3 { font-size: 1rem; margin: 0 0 4px; overflow-wrap: anywhere; }
h3 code { font-size: 0.875rem; }
h4 { font-size: 0.75rem; margin: 12px 0 4px; color: var(--ink-2); }
p { margin: 0 0 8px; max-width: 46rem; }
nav ul { columns: 20rem; margin: 0; padding: 0; list-style: none; }
nav li { break-inside: avoid; padding: 2px 0; }
article { margin: 0 0 12px; padding: 16px; background: var(--surface); border: 1px solid var(--line); border-radius: 6px; }
.wide { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 4px 12px 4px 0; border-top: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { border-top: 0; color: var(--ink-2); font-size: 0.75rem; font-weight: 600; }
tbody th { font-weight: 400; white-space: nowrap; }
.quiet { color: var(--ink-2); }
`;
