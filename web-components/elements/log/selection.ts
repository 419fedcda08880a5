/** What is selected on the page, as far as the node's shadow root may know of it; null: nothing. */
export function selectionIn(node: Node): StaticRange | null {
  const selection = document.getSelection() as Partial<Selection> | null;
  const root = node.getRootNode();
  if (!selection?.getComposedRanges || !(root instanceof ShadowRoot)) return null;
  const range = (selection as Selection).getComposedRanges({ shadowRoots: [root] })[0];
  return range && !range.collapsed ? range : null;
}
