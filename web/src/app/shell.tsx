import {
  ActionIcon,
  AppShell,
  Burger,
  Menu,
  NavLink,
  Tooltip,
  UnstyledButton,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure, useLocalStorage } from '@mantine/hooks';
import { spotlight } from '@mantine/spotlight';
import {
  type Icon,
  IconArchive,
  IconClipboardList,
  IconHome,
  IconLayoutSidebar,
  IconLogout,
  IconMoon,
  IconPackage,
  IconSearch,
  IconSettings,
  IconSun,
  IconTool,
  IconUsers,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { languageOf } from '../text/text.js';
import { LiveBanner, LiveDot } from './live-banner.js';
import { LiveConnection } from './live-connection.js';
import { Search } from './search.js';
import { useApi } from './services.js';
import { useSignOut } from './sign-out.js';

type Page = 'home' | 'cabinets' | 'assets' | 'kits' | 'people' | 'orders' | 'settings';
const pages: readonly { to: string; name: Page; icon: Icon }[] = [
  { to: '/', name: 'home', icon: IconHome },
  { to: '/cabinets', name: 'cabinets', icon: IconArchive },
  { to: '/assets', name: 'assets', icon: IconTool },
  { to: '/kits', name: 'kits', icon: IconPackage },
  { to: '/people', name: 'people', icon: IconUsers },
  { to: '/orders', name: 'orders', icon: IconClipboardList },
  { to: '/settings', name: 'settings', icon: IconSettings },
];

/** The frame of every page: menu, search, live state, account. */
export function Shell() {
  const { t } = useTranslation();
  const [opened, { toggle, close }] = useDisclosure(false);
  const [narrow, setNarrow] = useLocalStorage({ key: 'tagtrail.menu-narrow', defaultValue: false });
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: narrow ? 68 : 208, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding="md"
      transitionDuration={0}
    >
      <AppShell.Header className="tt-header">
        <a className="tt-skip" href="#page">
          {t('nav.skip')}
        </a>
        <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t('nav.toggle')} />
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          visibleFrom="sm"
          aria-label={t('nav.toggle')}
          aria-expanded={!narrow}
          onClick={() => setNarrow(!narrow)}
        >
          <IconLayoutSidebar size={20} stroke={1.7} aria-hidden />
        </ActionIcon>
        <Link to="/" className="tt-brand" aria-label="TagTrail">
          <img src="/icon.svg" width={28} height={28} alt="" />
          <span>TagTrail</span>
        </Link>
        <SearchButton />
        <LiveDot />
        <SchemeSwitch />
        <Account />
      </AppShell.Header>
      <AppShell.Navbar p={10} className="tt-nav" aria-label={t('nav.main')} data-narrow={narrow}>
        <MenuEntries narrow={narrow} onChosen={close} />
      </AppShell.Navbar>
      <AppShell.Main id="page">
        <LiveBanner />
        <Outlet />
      </AppShell.Main>
      <Search />
      <LiveConnection />
    </AppShell>
  );
}

function MenuEntries({ narrow, onChosen }: { narrow: boolean; onChosen: () => void }) {
  const { t } = useTranslation();
  const path = useLocation({ select: (location) => location.pathname });
  return pages.map(({ to, name, icon: Glyph }) => {
    const active = to === '/' ? path === '/' : path.startsWith(to);
    return (
      <Tooltip key={to} label={t(`nav.${name}`)} position="right" disabled={!narrow}>
        <NavLink
          component={Link}
          to={to}
          label={narrow ? undefined : t(`nav.${name}`)}
          aria-label={t(`nav.${name}`)}
          leftSection={<Glyph size={20} stroke={1.7} aria-hidden />}
          active={active}
          {...(active ? { 'aria-current': 'page' as const } : {})}
          onClick={onChosen}
        />
      </Tooltip>
    );
  });
}

function SearchButton() {
  const { t } = useTranslation();
  return (
    <UnstyledButton className="tt-search" onClick={() => spotlight.open()} aria-label={t('bar.search')}>
      <IconSearch size={16} aria-hidden />
      <span>{t('bar.search')}</span>
      <kbd>Ctrl K</kbd>
    </UnstyledButton>
  );
}

function SchemeSwitch() {
  const { t } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const dark = colorScheme === 'dark' || (colorScheme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
  const label = dark ? t('bar.light') : t('bar.dark');
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={label}
        onClick={() => setColorScheme(dark ? 'light' : 'dark')}
      >
        {dark ? <IconSun size={19} aria-hidden /> : <IconMoon size={19} aria-hidden />}
      </ActionIcon>
    </Tooltip>
  );
}

function Account() {
  const { t, i18n } = useTranslation();
  const api = useApi();
  const signOut = useSignOut();
  const { data } = useQuery({ queryKey: ['me'], queryFn: api.me, staleTime: Number.POSITIVE_INFINITY });
  const language = languageOf(i18n);
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        lang={language === 'en' ? 'fr' : 'en'}
        aria-label={t('bar.language')}
        title={t('bar.language')}
        onClick={() => void i18n.changeLanguage(language === 'en' ? 'fr' : 'en')}
      >
        <b>{language === 'en' ? 'FR' : 'EN'}</b>
      </ActionIcon>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <UnstyledButton className="tt-avatar" aria-label={t('bar.account')} data-testid="account">
            {initials(data?.name ?? '')}
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          {data !== undefined && (
            <Menu.Label>
              <strong className="tt-ink">{data.name}</strong>
              <br />
              {data.email}
              <br />
              {data.tenant.name} · {t(`role.${data.role}`)}
            </Menu.Label>
          )}
          <Menu.Divider />
          <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={signOut} data-testid="sign-out">
            {t('bar.signOut')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== '');
  return `${words[0]?.[0] ?? ''}${words.length > 1 ? (words.at(-1)?.[0] ?? '') : ''}`.toUpperCase();
}
