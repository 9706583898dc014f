import { createTheme, type MantineColorsTuple, ModalHeader } from '@mantine/core';

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

/** What cannot be taken back: white on steps 6 and 7, and steps 7 to 9 on white, are at least 4.5:1. */
const red: MantineColorsTuple = [
  '#fde8e8',
  '#fbd0d1',
  '#ffb3b3',
  '#ff9b9b',
  '#f47f82',
  '#e0464b',
  '#c9292f',
  '#b71f25',
  '#a3161c',
  '#8f1217',
];

/** Quiet surfaces, one accent; all other colour is state and lives in ui/tone.css. */
export const theme = createTheme({
  colors: { accent, dark, red },
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
  components: {
    // The head of a dialog is not the banner of the page.
    ModalHeader: ModalHeader.extend({ defaultProps: { role: 'presentation' } }),
  },
});
