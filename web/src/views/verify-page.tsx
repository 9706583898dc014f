import { Button, FileButton, Progress, Title } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconFileCheck, IconUpload } from '@tabler/icons-react';
import type { ExportReport } from '@tagtrail/shared/proof/verify-export.js';
import { type DragEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Kept, readKept, verifyFile } from '../data/verify-file.js';

type State =
  | { readonly is: 'waiting' }
  | { readonly is: 'reading'; readonly share: number }
  | { readonly is: 'done'; readonly name: string; readonly report: ExportReport }
  | { readonly is: 'unreadable' };

const nothingKept: Kept = { keys: [], checkpoints: [] };

/** Checks an export of the trail in the browser. It asks no server, so that nobody has to be believed. */
export function VerifyPage() {
  const { t } = useTranslation();
  const [state, setState] = useState<State>({ is: 'waiting' });
  const [kept, setKept] = useState<Kept>(nothingKept);
  const [isKeptBad, setKeptBad] = useState(false);

  const check = (file: File | null): void => {
    if (file === null) return;
    setState({ is: 'reading', share: 0 });
    verifyFile(file, { ...kept, onProgress: (share) => setState({ is: 'reading', share }) }).then(
      (report) => setState({ is: 'done', name: file.name, report }),
      () => setState({ is: 'unreadable' }),
    );
  };
  const keep = async (file: File | null): Promise<void> => {
    const more = file === null ? nothingKept : readKept(await file.text());
    setKeptBad(more === undefined);
    if (more === undefined) return;
    setKept((before) => ({
      keys: [...before.keys, ...more.keys],
      checkpoints: [...before.checkpoints, ...more.checkpoints],
    }));
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    check(event.dataTransfer.files.item(0));
  };

  return (
    <main className="tt-verify">
      <a href="/" className="tt-brand">
        <img src="/icon.svg" width={28} height={28} alt="" />
        <span>TagTrail</span>
      </a>
      <header className="tt-page-head">
        <Title order={1} size={22}>
          {t('verify.title')}
        </Title>
      </header>
      <section className="tt-card tt-verify-card">
        <p className="tt-lead">{t('verify.lead')}</p>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the button inside does the same by keyboard */}
        <div className="tt-verify-drop" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
          <IconFileCheck size={36} stroke={1.4} aria-hidden />
          <span className="tt-soft">{t('verify.drop')}</span>
          <FileButton onChange={check} inputProps={{ 'data-testid': 'verify-file' } as object}>
            {(props) => (
              <Button {...props} leftSection={<IconUpload size={16} aria-hidden />}>
                {t('verify.choose')}
              </Button>
            )}
          </FileButton>
        </div>
        <div className="tt-verify-kept">
          <FileButton onChange={(file) => void keep(file)} inputProps={{ 'data-testid': 'verify-kept' } as object}>
            {(props) => (
              <Button {...props} variant="default" size="xs">
                {t('verify.addKept')}
              </Button>
            )}
          </FileButton>
          <span className="tt-soft" data-testid="verify-kept-count">
            {isKeptBad
              ? t('verify.keptBad')
              : t('verify.kept', { keys: kept.keys.length, checkpoints: kept.checkpoints.length })}
          </span>
        </div>
        <Outcome state={state} />
      </section>
    </main>
  );
}

function Outcome({ state }: { state: State }) {
  const { t } = useTranslation();
  if (state.is === 'waiting') return null;
  if (state.is === 'unreadable') return <p role="alert">{t('verify.unreadable')}</p>;
  if (state.is === 'reading') {
    return <Progress value={state.share * 100} aria-label={t('verify.reading')} data-testid="verify-progress" />;
  }
  return <Verdict name={state.name} report={state.report} />;
}

const problemsShown = 10;

function Verdict({ name, report }: { name: string; report: ExportReport }) {
  const { t } = useTranslation();
  const { withheld, links, custody, signatures } = report;
  const facts = [
    t('verify.entries', { count: report.entries, size: report.size }),
    t('verify.withheld', { ...withheld }),
    t('verify.redacted', { count: report.redacted }),
    t('verify.links', { ...links }),
    t('verify.custody', { ...custody }),
    t('verify.agreed', { count: signatures.agreed }),
    t('verify.witnesses', { count: signatures.witnesses.length }),
    signatures.keyIsTrusted ? t('verify.keyGiven') : t('verify.keyOwn'),
  ];
  return (
    <div role="status" data-testid="verify-verdict" data-ok={report.ok}>
      <h2 className="tt-verify-verdict" data-ok={report.ok}>
        {report.ok ? <IconCircleCheck aria-hidden /> : <IconAlertTriangle aria-hidden />}
        {report.ok ? t('verify.good', { name }) : t('verify.bad', { name })}
      </h2>
      {report.problemCount > 0 && (
        <ol className="tt-verify-problems">
          {report.problems.slice(0, problemsShown).map(({ code, index, detail }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the list of a report never changes
            <li key={at} data-problem={code}>
              {index !== null && <strong>{t('verify.at', { index })} </strong>}
              {t(`verify.problem.${code}`)} <span className="tt-soft">{detail}</span>
            </li>
          ))}
        </ol>
      )}
      {report.problemCount > problemsShown && (
        <p className="tt-soft">{t('verify.more', { count: report.problemCount - problemsShown })}</p>
      )}
      <ul className="tt-soft">
        {facts.map((fact) => (
          <li key={fact}>{fact}</li>
        ))}
      </ul>
    </div>
  );
}
