/** Entry of the graph editor's page. */
import './index.css';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { keepFieldKeys } from './controls/fieldKeys.ts';
import { watchUse } from './controls/inUse.ts';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { reportUse, start } from './host.ts';
import { pictureSource } from './model/pictureSource.ts';

const root = document.getElementById('root');
if (!root) throw new Error('internal error: the page has no element "root"');

keepFieldKeys();
watchUse(document, reportUse);
pictureSource.current = async (request) => (await import('./picture/answer.ts')).partOfPicture(request);
void start().then(() =>
  createRoot(root).render(
    <ErrorBoundary>
      <App />
    </ErrorBoundary>,
  ),
);
