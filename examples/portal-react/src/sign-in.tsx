import { useState, type ReactNode } from 'react';
import { signIn } from './session.js';

export function SignIn({ onSignedIn }: { onSignedIn: () => void }): ReactNode {
  const [isUnknown, setUnknown] = useState(false);
  const send = async (form: FormData): Promise<void> => {
    if (await signIn(String(form.get('name')))) onSignedIn();
    else setUnknown(true);
  };
  return (
    <form className="panel narrow" action={send}>
      <h1>Anmelden</h1>
      <label htmlFor="name">Kürzel</label>
      <input id="name" name="name" autoComplete="username" autoCapitalize="none" required aria-describedby="hint" />
      <p id="hint" role={isUnknown ? 'alert' : undefined}>
        {isUnknown ? 'Dieses Kürzel kennt hier niemand.' : 'kessler leitet das Lager Nord, lang ein anderes.'}
      </p>
      <button className="filled">Anmelden</button>
    </form>
  );
}
