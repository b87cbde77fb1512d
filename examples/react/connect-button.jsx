import { useEffect, useRef, useState } from 'react';

/** The session is made when the button appears, so that the click itself can open the window. */
export function useConnect({ onReturn }) {
  const [session, setSession] = useState();
  const [last, setLast] = useState();
  const opened = useRef();
  useEffect(() => {
    let wanted = true;
    fetch('/session', { method: 'POST' })
      .then((answer) => answer.json())
      .then((made) => wanted && setSession(made));
    return () => {
      wanted = false;
      opened.current?.stop();
    };
  }, []);
  const open = () => {
    opened.current?.stop();
    opened.current = window.Drawbridge.open({
      url: session.url,
      token: session.events_token,
      onEvent: ({ type }) => setLast(type),
      onReturn,
    });
  };
  return { open, ready: session !== undefined, last };
}

export function ConnectButton({ children, onReturn }) {
  const { open, ready, last } = useConnect({ onReturn });
  return (
    <>
      <button type="button" disabled={!ready} onClick={open}>
        {children}
      </button>
      <p role="status">{last === 'at_bank' ? 'Go on in the other window.' : ''}</p>
    </>
  );
}
