/** Entry of the graph editor's page. */
import './index.css';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { keepFieldKeys } from './controls/fieldKeys.ts';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { start } from './host.ts';

const root = document.getElementById('root');
if (!root) throw new Error('internal error: the page has no element "root"');

keepFieldKeys();
void start().then(() =>
  createRoot(root).render(
    <ErrorBoundary>
      <App />
    </ErrorBoundary>,
  ),
);
