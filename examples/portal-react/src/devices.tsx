import { useState, type ReactNode } from 'react';
import type { Operation, SignalboxEventMap } from 'signalbox/elements';
import type {} from 'signalbox/react';
import { fetchToken } from './session.js';

const QUESTION = 'Dienst neu starten? Am Tor wird so lange von Hand geöffnet.';

/** Events of the elements bubble, so one listener above all of them is enough; their types come with the elements. */
function ask(event: SignalboxEventMap['signalbox-before-start']): void {
  if (event.detail.type === 'service_restart' && !confirm(QUESTION)) event.preventDefault();
}

const sentence = ({ type, status }: Operation): string => `${type}: ${status}`;

export function Devices({ signalbox }: { signalbox: string }): ReactNode {
  const [last, setLast] = useState<Operation | null>(null);
  const ended = (event: SignalboxEventMap['signalbox-complete']): void => setLast(event.detail.operation);
  return (
    <signalbox-provider
      url={signalbox}
      fetchToken={fetchToken}
      onsignalbox-before-start={ask}
      onsignalbox-complete={ended}
      onsignalbox-error={ended}
    >
      <h1>Geräte, Lager Nord</h1>
      <signalbox-fleet />
      <div className="columns">
        <signalbox-connection connection={1} actions="service_restart" />
        <section className="panel">
          <h2>Erreichbar?</h2>
          <signalbox-button connection={1} type="ssh_test" primary />
          <signalbox-progress connection={1}>
            <p slot="empty">Hier lief noch nichts.</p>
          </signalbox-progress>
        </section>
        <section className="panel list">
          <h2>Verlauf</h2>
          <signalbox-history connection={1} limit={8} />
        </section>
      </div>
      <p className="last">{last && `Zuletzt beendet: ${sentence(last)}`}</p>
    </signalbox-provider>
  );
}
