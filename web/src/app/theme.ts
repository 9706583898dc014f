import { createTheme, type MantineColorsTuple } from '@mantine/core';

const accent: MantineColorsTuple = [
  '#eef3ff',
  '#dbe5ff',
  '#b7c9fd',
  '#8fabfb',
  '#6c90f7',
  '#4a76f0',
  '#2f5fe6',
  '#1f4fd8',
  '#1943ba',
  '#133596',
];

/** The neutral steps of the dark scheme; step 7 is the card of ui/tone.css. */
const dark: MantineColorsTuple = [
  '#eceff4',
  '#b3bccb',
  '#9ba5b5',
  '#6b7687',
  '#3a424f',
  '#2f3641',
  '#222833',
  '#181c23',
  '#13161c',
  '#0e1116',
];

/** Quiet surfaces, one accent; all other colour is state and lives in ui/tone.css. */
export const theme = createTheme({
  colors: { accent, dark },
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "'JetBrains Mono Variable', ui-monospace, monospace",
  headings: { fontFamily: "'Inter Variable', system-ui, sans-serif", fontWeight: '650' },
  fontSizes: { xs: '12px', sm: '14px', md: '15px', lg: '18px', xl: '22px' },
  focusRing: 'auto',
  respectReducedMotion: true,
});
