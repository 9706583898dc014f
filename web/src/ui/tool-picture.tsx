/** Line drawings of tools on a field of 32 by 32, by what stands in their names. The first word that fits decides. */
const pictures: readonly (readonly [words: RegExp, path: string])[] = [
  [/torque wrench|clé dynamo/i, 'M4 28 19 13M4 28l-1-1M17 11l4 4M21 15a5 5 0 1 0-4-4M9 19l4 4M6 22l4 4M24 8h.01'],
  [/screwdriver|tournevis/i, 'M28 4 17 15M26 3l3 3M19 11l2 2M15 13l4 4-8 9-5-5zM8 20l4 4'],
  [/tap wrench|tourne-à-gauche/i, 'M3 16h8M21 16h8M11 12h10v8H11zM14 20v8h4v-8M14 23h4M14 26h4'],
  [
    /pliers|pince|crimp|sertir/i,
    'M13 4c-3 4-2 8 1 11M19 4c3 4 2 8-1 11M13 4v6M19 4v6M14 15l6 6 3 7M18 15l-6 6-3 7M16 16h.01',
  ],
  [/cutter|coupante/i, 'M12 4l4 9M20 4l-4 9M12 4v5M20 4v5M16 13l5 6 1 9M16 13l-5 6-1 9'],
  [/mirror|miroir/i, 'M12 3a8 8 0 1 1 0 16 8 8 0 0 1 0-16M8 9l4-3M18 17l10 11M17 18l2-2'],
  [/borescope|endoscop/i, 'M5 5h12v9H5zM8 8h6M11 14v4c0 9 14 9 14 1v-7M25 12V5M23 5h4v4h-4z'],
  [/torch|lamp|lampe/i, 'M5 20 15 10l7 7L12 27zM15 10l2-5 10 10-5 2M10 18l2 2M24 4l1-2M28 8l2-1M27 5l2-2'],
  [/hammer|marteau|bucking|tas /i, 'M6 7h15v7H6zM21 9h4l3 3v2h-7M13 14v14M16 14v14M13 28h3'],
  [/rivet/i, 'M4 8h17v7H4zM21 10h5v3h-5M26 11.5h4M9 15l-2 12h6l2-12M14 18h3l1-3'],
  [/ratchet|cliquet/i, 'M22 4a6 6 0 1 1 0 12 6 6 0 0 1 0-12M22 8v4M20 10h4M18 14 5 27M20 16 8 28M5 27l3 1'],
  [/socket|douille/i, 'M3 10h26v14H3zM3 15h26M8 19.5h.01M13 19.5h.01M18.5 19.5h.01M24 19.5h.01M12 10V7h8v3'],
  [/feeler|jauge|gauge/i, 'M6 26 24 4l3 3L10 27zM6 26l22-8M6 26l20-16M8 25h.01'],
  [
    /micrometer|micromètre/i,
    'M6 5v11a8 8 0 0 0 8 8V20a4 4 0 0 1-4-4V5zM10 7h3M14 20h5v4h-5M19 19h10v6H19zM22 19v6M25 19v6M13 7h.01',
  ],
  [/dial|comparateur/i, 'M16 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18M16 12l4-4M16 21v4M14 25h4M16 25v4M10 12h1M21 12h1M16 6v1'],
  [/tensiometer|tensiom/i, 'M4 10h24M8 10v5h16v-5M16 15v4M10 19h12v8H10zM16 25l3-3M8 7h.01M16 7h.01M24 7h.01'],
  [/multimet/i, 'M8 3h16v26H8zM11 6h10v6H11zM16 16a4 4 0 1 1 0 8 4 4 0 0 1 0-8M16 20l2-2M12 26h.01M20 26h.01'],
  [/extractor|extracteur|pin /i, 'M4 28l9-9M13 19l3 3M11 21 22 10l-1-1 7-6 1 1-6 7-1-1-11 11z'],
  [/drill|perceuse/i, 'M4 7h15v7H4zM19 9h4v3h-4M23 10.5h7M8 14l-2 11h7l1-11M13 18h2l1-4'],
  [/wrench|spanner|clé/i, 'M21 4a6 6 0 0 0-6 8L4 23l5 5 11-11a6 6 0 0 0 8-6l-4 3-4-1-1-4z'],
];
/** A tag on a string, for what has no picture. */
const anyTool = 'M15 4h11a2 2 0 0 1 2 2v11L16 29 3 16zM22 10h.01M10 16l6 6M13 13l6 6';

export function pictureOf(name: string): string {
  return pictures.find(([words]) => words.test(name))?.[1] ?? anyTool;
}

export function ToolPicture({ name, size = 30 }: { name: string; size?: number }) {
  return (
    <svg
      viewBox="0 0 32 32"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth={1.9}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden
    >
      <path d={pictureOf(name)} />
    </svg>
  );
}
