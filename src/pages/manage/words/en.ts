/** What receipts, the control page and mails say, in English. The shape of all other languages. */
export const en = {
  confirm: {
    one: 'Confirm',
    all: 'Confirm all',
    due: (app: string) => `${app} may go on reading only if you say so again. Nothing is sent to the bank.`,
  },
  receipt: {
    link: 'Receipt',
    title: 'Receipt of your consent',
    lead: (app: string) => `This is what you allowed ${app}, word for word as you read it.`,
    app: 'App',
    operator: 'Operated by',
    bank: 'Bank',
    number: 'Number',
    state: 'State',
    states: { authorized: 'Active', expired: 'Over', canceled: 'Ended', pending: 'Not finished', failed: 'Failed' },
    agreed: 'Agreed on',
    authorized: 'Granted on',
    ended: 'Ended on',
    words: 'What you agreed to',
    proof: 'Proof',
    proofText: (url: string) =>
      `Signed by the operator. Anybody can check it without us, with the public key from ${url}.`,
    code: 'The signed proof as a QR code',
    download: 'Download',
  },
  control: {
    title: 'What you have allowed',
    ask: 'Type your e-mail address. If it belongs to a bank connection, we mail you a link to see and end it.',
    email: 'Your e-mail address',
    send: 'Mail me the link',
    sentTitle: 'Look into your mailbox',
    sent: 'If this address has allowed anything, a link is on its way. It works for a day.',
    wrong: 'This is not an e-mail address.',
    noMail: 'This server sends no mail. Write to the address below, or end it in the app or at your bank.',
    over: 'This link is over. Ask for a new one.',
    lead: 'Apps that may read your accounts. No account and no amount is shown here.',
    none: 'Nothing is allowed at present.',
    ended: (app: string) => `Ended. ${app} reads nothing more.`,
    sureTitle: (app: string) => `End what ${app} may read?`,
    erase: (email: string) => `To have it erased, write to ${email}.`,
    all: 'Back to all',
  },
  mail: {
    confirmed: {
      subject: (app: string) => `${app} can now read your accounts`,
      text: (app: string, bank: string) => `You have just allowed ${app} to read from ${bank}:`,
      not: 'It was not you? End it at once:',
    },
    expiring: {
      subject: (app: string) => `${app} can soon read your accounts no longer`,
      text: (app: string, bank: string, day: string) =>
        `What you allowed ${app} at ${bank} ends on ${day}. To go on, renew it in ${app}. To let it end, do nothing.`,
    },
    reconfirm: {
      subject: (app: string) => `May ${app} go on reading your accounts?`,
      text: (app: string, bank: string, day: string) =>
        `Please confirm in ${app} by ${day} that it may go on reading from ${bank}. Without that it stops reading by itself.`,
    },
    ended: {
      subject: (app: string) => `${app} can no longer read your accounts`,
      text: (app: string, bank: string) =>
        `What you allowed ${app} at ${bank} has ended, and the bank is told. What was already read stays with ${app} until it is erased.`,
    },
    link: {
      subject: 'Your link to what you have allowed',
      text: 'Here you see which apps may read your accounts, and can end it. The link works for a day.',
      not: 'You did not ask for it? Then nothing needs to be done.',
    },
    until: (day: string) => `until ${day}`,
    see: 'See and end what you have allowed:',
    open: 'Open',
    questions: (email: string) => `Questions: ${email}`,
    from: (operator: string) => `Sent by ${operator}.`,
    refuse: 'No more of these mails:',
  },
  refusing: {
    title: 'Mail',
    ask: (email: string) => `No more of these mails to ${email}?`,
    button: 'No more mail',
    done: (email: string) => `No more of these mails go to ${email}.`,
    again: 'Send them again',
    wanted: (email: string) => `These mails go to ${email} again.`,
    over: 'This link does not work any more.',
  },
};

/** The words of one language. */
export type ManageWords = typeof en;
