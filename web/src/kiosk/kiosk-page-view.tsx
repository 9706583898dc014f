import type { Page } from './kiosk-pages.js';
import { FindPage } from './pages/find-page.js';
import { FoundPage } from './pages/found-page.js';
import { HandOverChoicePage } from './pages/hand-over-choice-page.js';
import { KitPage } from './pages/kit-page.js';
import { MinePage } from './pages/mine-page.js';
import { MissingPage } from './pages/missing-page.js';
import { MissingToolPage } from './pages/missing-tool-page.js';
import { MyItemsPage } from './pages/my-items-page.js';
import { MySessionsPage } from './pages/my-sessions-page.js';
import { NoticePage } from './pages/notice-page.js';
import { OrdersPage } from './pages/orders-page.js';
import { PinPage } from './pages/pin-page.js';
import { ReportChoicePage } from './pages/report-choice-page.js';
import { ReportPage } from './pages/report-page.js';
import { ReturnChoicePage } from './pages/return-choice-page.js';
import { SaidPage } from './pages/said-page.js';
import { ShiftEndPage } from './pages/shift-end-page.js';

/** One component for each page that a touch opens. */
export function KioskPageView({ page }: { page: Page }) {
  switch (page.kind) {
    case 'find':
      return <FindPage text={page.text} />;
    case 'found':
      return <FoundPage tool={page.tool} text={page.text} />;
    case 'missing':
      return <MissingPage />;
    case 'missing_tool':
      return <MissingToolPage tool={page.tool} />;
    case 'pin':
      return <PinPage />;
    case 'orders':
      return <OrdersPage />;
    case 'mine':
      return <MinePage />;
    case 'my_items':
      return <MyItemsPage />;
    case 'my_sessions':
      return <MySessionsPage />;
    case 'notice':
      return <NoticePage />;
    case 'report_choice':
      return <ReportChoicePage />;
    case 'report':
      return <ReportPage tool={page.tool} />;
    case 'kit':
      return <KitPage page={page} />;
    case 'hand_over_choice':
      return <HandOverChoicePage />;
    case 'return_choice':
      return <ReturnChoicePage />;
    case 'shift_end':
      return <ShiftEndPage />;
    case 'said':
      return <SaidPage page={page} />;
    default:
      return page satisfies never;
  }
}
