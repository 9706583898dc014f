import { Tabs, Title } from '@mantine/core';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMay } from '../app/may.js';
import { ExportPanel } from './export-panel.js';
import { NoticesSection } from './notices/notices-section.js';
import { OffBoardingSettings } from './off-boarding/off-boarding-settings.js';
import { QuarantineList } from './quarantine/quarantine-list.js';
import { RetentionSettings } from './retention/retention-settings.js';
import { RulesSettings } from './rules/rules-settings.js';
import { SignInList } from './sign-in-list.js';

const tabs = ['retention', 'rules', 'notices', 'quarantine', 'proof', 'sign-ins', 'contract'];

/** Retention, rules, notices, lines set aside, proof, sign-ins; for administrators the end of the contract. The address says which is open. */
export function SettingsPage() {
  const { t } = useTranslation();
  const { hash } = useLocation();
  const navigate = useNavigate();
  const isAdmin = useMay('admin');
  return (
    <>
      <header className="tt-page-head">
        <Title order={1} size={22}>
          {t('settings.title')}
        </Title>
      </header>
      <Tabs
        value={tabs.includes(hash) && (isAdmin || hash !== 'contract') ? hash : 'retention'}
        onChange={(tab) => void navigate({ to: '/settings', hash: tab ?? '', resetScroll: false })}
        keepMounted={false}
        className="tt-settings"
      >
        <Tabs.List>
          <Tabs.Tab value="retention">{t('settings.retention')}</Tabs.Tab>
          <Tabs.Tab value="rules">{t('settings.rules')}</Tabs.Tab>
          <Tabs.Tab value="notices">{t('notices.title')}</Tabs.Tab>
          <Tabs.Tab value="quarantine">{t('settings.quarantine')}</Tabs.Tab>
          <Tabs.Tab value="proof">{t('settings.export')}</Tabs.Tab>
          <Tabs.Tab value="sign-ins">{t('settings.signIns')}</Tabs.Tab>
          {isAdmin && <Tabs.Tab value="contract">{t('offBoarding.tab')}</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="retention">
          <RetentionSettings />
        </Tabs.Panel>
        <Tabs.Panel value="rules">
          <RulesSettings />
        </Tabs.Panel>
        <Tabs.Panel value="notices">
          <NoticesSection />
        </Tabs.Panel>
        <Tabs.Panel value="quarantine">
          <QuarantineList />
        </Tabs.Panel>
        <Tabs.Panel value="proof">
          <ExportPanel />
        </Tabs.Panel>
        <Tabs.Panel value="sign-ins">
          <SignInList />
        </Tabs.Panel>
        {isAdmin && (
          <Tabs.Panel value="contract">
            <OffBoardingSettings />
          </Tabs.Panel>
        )}
      </Tabs>
    </>
  );
}
