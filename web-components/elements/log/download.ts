/** A browser may begin to read the file a moment after the click. */
const keptMs = 10_000;

/** Gives the person a text file; its bytes are let go afterwards. */
export function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), keptMs);
}

/** A name of a file that every system takes: `cucm-sub-02-0190f5e0….log`. */
export function fileName(...parts: readonly string[]): string {
  return `${parts.map((part) => part.replace(/[^\p{L}\p{N}._]+/gu, '-').replace(/^-+|-+$/g, '')).join('-')}.log`;
}
