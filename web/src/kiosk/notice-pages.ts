/** Characters that fit on one page of 24 px text on the smaller screen, with room for long words. */
const pageLength = 520;

/** A long text cut at sentences and words into pages that need no scrolling. Nothing is left out. */
export function noticePages(text: string): readonly string[] {
  const pages: string[] = [];
  let rest = text.trim().replace(/\s+/g, ' ');
  while (rest.length > pageLength) {
    const head = rest.slice(0, pageLength);
    const sentence = head.lastIndexOf('. ') + 1;
    const word = head.lastIndexOf(' ');
    const cut = sentence > pageLength / 2 ? sentence : word > 0 ? word : pageLength;
    pages.push(rest.slice(0, cut).trim());
    rest = rest.slice(cut).trim();
  }
  return [...pages, rest];
}
