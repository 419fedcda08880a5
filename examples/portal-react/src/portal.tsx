import { useEffect, useState, type ReactNode } from 'react';
import { Devices } from './devices.js';
import { SignIn } from './sign-in.js';
import { signOut, whoIsIt } from './session.js';

/** The whole page: who is signed in sees the devices, others a form. */
export function Portal({ signalbox }: { signalbox: string }): ReactNode {
  const [user, setUser] = useState<string | null | undefined>();
  const look = (): void => void whoIsIt().then(setUser);
  useEffect(look, []);
  if (user === undefined) return null;
  return (
    <>
      <header>
        <b>KESSLER SPEDITION</b>
        {user && (
          <>
            <span>{user}</span>
            <button type="button" onClick={() => void signOut().then(look)}>
              Abmelden
            </button>
          </>
        )}
      </header>
      <main>{user ? <Devices signalbox={signalbox} /> : <SignIn onSignedIn={look} />}</main>
    </>
  );
}
