import { pluralsOf } from '../formats.ts';
import { texts } from './en-texts.ts';

const plural = pluralsOf('en');

/** Every word the hosted page says, in English. The shape of all other languages. */
export const en = {
  name: 'English',

  page: {
    test: 'Test mode: pretend banks, no real accounts',
    testLabel: 'Test mode',
    step: (at: number, of: number, name: string) => `Step ${at} of ${of}: ${name}`,
    steps: ['Choose your bank', 'Agree', 'Sign in at the bank', 'Pick accounts'],
    skip: 'Go to the content',
    back: 'Back',
    refuse: 'Cancel',
    next: 'Continue',
    bankSays: (bank: string) => `${bank} says`,
    appSays: (app: string) => `${app} says`,
    reference: 'Reference',
    run: (operator: string) => `This page is run by ${operator}.`,
    privacy: 'Privacy',
    terms: 'Terms',
    sent: 'One moment …',
    offline: 'No connection right now. We keep trying.',
    newTab: 'opens in a new tab',
    yourBank: 'your bank',
    language: 'Language',
  },

  how: {
    title: 'How this works',
    read: 'Read only. Nobody can pay, transfer or change anything with this.',
    secret: (app: string) => `Your sign-in goes to your bank. ${app} never sees it.`,
    stop: 'You decide what is shared, and you can stop it at any time.',
  },

  help: {
    title: 'Help',
    guide: 'Step-by-step help',
    contact: (app: string) => `Questions about ${app}:`,
    operator: (operator: string) => `Questions about this page (${operator}):`,
    tips: {
      intro: 'If you did not start this yourself, or somebody sent you the link, cancel. Nothing has been shared.',
      bank: 'Your IBAN is on your bank card or statement; typing it finds your bank for sure.',
      account_type: 'Not sure? Choose the account your salary is paid to. You can add others later.',
      agree: 'You can end this at any time: at the app, here, or at your bank.',
      sign_in:
        'Use what you use for online banking. If it is refused, try it at your bank first, so that you are not locked out.',
      code: 'Codes are used once and only for a few minutes. If none arrives, ask for a new one or go back and choose another way.',
      redirect: 'Nothing opens? Press the button. When you are done at the bank, it brings you back here by itself.',
      wait: 'No message on your phone? Open the bank’s app yourself and look for a waiting approval.',
      grant: 'Accounts without a tick are not stored and not shared.',
      other: 'You can close this page and open the same link again: it goes on where you stopped.',
    },
  },

  scopes: {
    accounts: 'Your accounts: name, number, type and holder',
    balances: 'Your balances',
    transactions: 'Your transactions: date, amount, text and the other party',
  },
  accountTypes: {
    checking: 'Current accounts',
    savings: 'Savings accounts',
    credit_card: 'Credit cards',
    loan: 'Loans',
    wallet: 'Wallets',
    investment: 'Investments',
    other: 'Other accounts',
  },
  accountType: {
    checking: 'Current account',
    savings: 'Savings account',
    credit_card: 'Credit card',
    loan: 'Loan',
    wallet: 'Wallet',
    investment: 'Investment account',
    other: 'Account',
  },
  sca: {
    redirected: 'You sign in on the bank’s own page.',
    embedded: 'You sign in here and type the code your bank sends.',
    decoupled: 'You approve in the bank’s app.',
  },

  intro: {
    title: {
      connect: (app: string) => `${app} would like to read your bank accounts`,
      management: (app: string) => `Your bank connections for ${app}`,
      synchronization: (app: string) => `${app} would like to refresh your accounts`,
    },
    wants: 'What would be read',
    bank: 'Bank',
    purpose: 'Purpose',
    returns: 'Afterwards you return to',
    resumes: 'You have been here before. You can go on where you stopped.',
    manage: 'See which banks are connected, renew or end a connection, or add another bank.',
    yours: (app: string) =>
      `Go on only if you started this yourself at ${app}. If somebody sent you this link, cancel.`,
    refuse: 'No, cancel',
  },

  bank: {
    title: 'Which bank is it?',
    label: 'Find your bank',
    hint: 'Name, IBAN, BIC, bank code, sort code or city',
    search: 'Search',
    found: (count: number) => plural(count, { one: '# bank', other: '# banks' }),
    foundMore: (count: number) => `The first ${count}. Type a little more to see the right one.`,
    none: (query: string) => `Nothing found for “${query}”.`,
    noneHint: 'Check the spelling, or type your IBAN: it leads to your bank for sure.',
    noneTell: (operator: string) => `A bank that is not listed cannot be connected yet. ${operator} can be told:`,
    tell: 'Report a missing bank',
    tellSubject: (query: string) => `Missing bank: ${query}`,
    down: 'Search is not answering right now. Please press “Search” again in a moment.',
    last: 'Used last time',
    choices: 'Banks',
    within: (country: string) => `Only banks in ${country}`,
    everywhere: 'Search everywhere',
    troubled: 'Has problems right now',
    healthDown: 'Not reachable right now',
    needs_setup: 'Not set up here yet',
    no_address: 'No known way in',
    account_type: 'Does not offer this kind of account',
  },

  unavailable: {
    title: {
      down: (bank: string) => `${bank} is not reachable right now`,
      not_supported: (bank: string) => `${bank} cannot be connected`,
      needs_setup: (bank: string) => `${bank} is not set up here yet`,
      no_address: (bank: string) => `${bank} cannot be connected yet`,
      unknown: () => 'We do not know this bank',
    },
    text: {
      down: 'The bank’s service does not answer. That is usually over within minutes. Your accounts are not affected.',
      not_supported: 'This bank, or this kind of account, does not offer the access that is needed.',
      needs_setup: 'The operator of this page has yet to register with this bank.',
      no_address:
        'Nobody has published an address at which this bank answers. Your bank can tell whether it offers FinTS or an interface for account information.',
      unknown: 'The link names a bank that is not in our directory.',
    },
    retry: 'Try anyway',
    other: 'Choose another bank',
  },

  type: {
    title: 'Which kind of account?',
    lead: (bank: string) => `${bank} keeps these apart. Choose one now; you can connect the others afterwards.`,
    not: (types: string) => `Not included: ${types}`,
  },

  agree: {
    more: 'In detail',
    store: (bank: string) => `Keep my sign-in for ${bank}`,
    storeHint: (app: string) =>
      `Then your accounts can be refreshed without you. It is kept sealed, is used for nothing else, and is destroyed when you end the connection. ${app} does not get it. Leave this empty if you would rather sign in each time.`,
    replaces: (bank: string) =>
      `${bank} keeps only one permission per person. If you go on, an earlier connection to this bank may end.`,
    linked: (bank: string, accounts: string, read?: string) =>
      `You have linked ${bank} already${accounts ? `: ${accounts}` : ''}${read ? `, last read on ${read}` : ''}. For the same sign-in, renew that link. Go on below only with another sign-in.`,
    renew: 'Renew that link',
    agree: (bank: string) => `Agree and go on to ${bank}`,
    agreeHere: 'Agree and continue',
    refuse: 'I do not agree',
  },

  step: {
    signIn: (bank: string) => `Sign in to ${bank}`,
    signInLead: (bank: string, app: string) =>
      `As you do for online banking. It goes to ${bank}; ${app} does not see it.`,
    code: 'Enter the code',
    codeLead: (bank: string) => `${bank} asks for a code to make sure it is you.`,
    method: 'How would you like to confirm?',
    device: 'Which device?',
    accounts: 'Which accounts?',
    chooseLead: (bank: string) => `These are the ways ${bank} offers you.`,
    accountsLead: (bank: string) => `${bank} needs to know which accounts this is about.`,
    fields: {
      user_id: 'User name',
      corporate_id: 'Company or customer number',
      password: 'Password or PIN',
      second_password: 'Second password',
      code: 'Code',
      iban: 'IBAN',
      text: 'Answer',
    },
    methodIs: 'Sent by',
    picture: (bank: string) => `Picture from ${bank} for your code device or photo app`,
    flicker: (bank: string) => `Flicker code from ${bank} for your card reader`,
    flickerHint:
      'Put the card into the reader, start the flickering at a pace and hold the reader to the bars. Pull the corner of the picture until its outer bars fit the marks of the reader. Without seeing it: choose another method at your bank.',
    flickerStill: 'Stopped',
    flickerSlow: 'Slow',
    flickerUsual: 'Usual',
    flickerFast: 'Fast',
    flickerWidth: 'Width',
    flickerWidths: ['Narrow', 'Middle', 'Wide'],
    pictureLink: (host: string) => `Open the bank’s picture at ${host}`,
    confirm: 'Confirm',
    send: 'Sign in',
    again: 'Send a new code',
    againPush: 'Send the request again',
    check: 'I have approved it',
    tries: (count: number) => plural(count, { one: 'One try left.', other: '# tries left.' }),
    notices: {
      wrong_credentials: 'The bank did not accept this. Please check what you typed and try again.',
      wrong_code: 'That code was not right. Please try again.',
      code_sent_again: 'A new code is on its way. Earlier codes no longer work.',
      once_more: 'Thank you. Your bank asks for this twice: first to list your accounts, now to let them be read.',
      signers:
        'Thank you, your part is done. Your bank wants somebody else to approve as well. You can close this page: for seven days we go on by ourselves as soon as they have.',
      bank_message: 'A message from your bank:',
    },
    redirect: (bank: string) => `Now to ${bank}`,
    redirectLead: (bank: string) => `You sign in on the page of ${bank} and then come back here by yourself.`,
    redirectHost: 'The bank’s page is at',
    redirectGo: (bank: string) => `Go to ${bank}`,
    redirectAuto: 'This goes on by itself in a moment.',
    redirectBad: 'The bank sent an address that cannot be opened. Please cancel and tell support.',
    wait: (bank: string) => `Approve it in the app of ${bank}`,
    waitOthers: 'Somebody else has to approve too',
    waitLead: (bank: string) => `${bank} has sent a request to your phone.`,
    waitHow: 'What to do',
    waitSteps: (bank: string) => [
      `Open the app of ${bank}.`,
      'Approve the request to read your accounts.',
      'Come back: this page goes on by itself.',
    ],
    waitUntil: (minutes: string) => `Most people need less than a minute. The bank waits for up to ${minutes}.`,
    againLeft: (count: number) =>
      plural(count, { one: 'It can be sent once more.', other: 'It can be sent # more times.' }),
    againNone: 'It cannot be sent again in this visit.',
    cannot: 'I cannot use the app',
    cannotPoints: [
      'Is the phone offline, or the app not set up? The request waits while you see to it.',
      'Your bank may offer another way, such as a text message. Go back a step to choose it.',
      'Or cancel: nothing has been shared.',
    ],
  },

  handover: {
    title: 'Type the six digits',
    text: (bank: string) => `You came back from ${bank} in another browser. It shows six digits: type them here.`,
    textPhone: 'Your phone shows six digits: type them here.',
    careful:
      'Only type digits that you see yourself, on your own device. Digits that somebody sends you are not yours.',
    label: 'Six digits',
    wrong: (left: number) =>
      plural(left, { one: 'That was not right. One try is left.', other: 'That was not right. # tries are left.' }),
    send: 'Go on',
  },

  phone: {
    offer: 'Continue on your phone',
    title: 'Continue on your phone?',
    lead: (bank: string) =>
      `Scan this with your phone’s camera, and ${bank} is at hand there. This page follows along.`,
    code: 'QR code that opens this visit on your phone',
    fresh: 'It is good for one minute and one phone. A fresh one comes by itself.',
    here: 'Continue on this device',
    carried: 'Now on your phone',
    carriedText: 'Your phone has taken over. This page follows and goes on by itself.',
    takeBack: 'Take it back to this device',
    welcome: (app: string) => `Go on here for ${app}?`,
    welcomeText: (app: string) =>
      `You scanned a code on another screen. Go on only if that screen is your own and you began this yourself at ${app}.`,
    begunFor: 'Begun for',
    go: 'Yes, go on here',
    notMe: 'This is not me',
    digits: 'Type these digits on the other screen',
    digitsText: (app: string) =>
      `One step is left: type them where you began with ${app}. They are good for five minutes.`,
    digitsCareful: 'Type them yourself, on your own screen. Tell them to nobody, whoever asks.',
    done: 'Back to the other screen',
    doneText: 'This phone has done its part. You can close this page.',
  },

  working: {
    title: 'One moment',
    text: (bank: string) => `We are talking to ${bank}. This page goes on by itself.`,
    check: 'Look again',
  },

  trouble: {
    actions: { retry: 'Try again', other_bank: 'Choose another bank', return: 'Stop and go back' },
    quoteReference: 'If you ask for help, please quote',
    turn: {
      person: () => 'You can do something about it yourself.',
      bank: () => 'This lies with the bank. You have done nothing wrong.',
      app: (app: string) => `This lies with ${app}.`,
      operator: (_: string, operator: string) => `This lies with ${operator}, who runs this page.`,
    },
    write: (name: string) => `Write to ${name}`,
    codes: texts.codes,
  },

  grant: {
    title: 'Which accounts may be shared?',
    titleShown: 'These accounts will be shared',
    lead: (app: string, count: number) =>
      plural(count, {
        one: `We found one account. Tick it to share it with ${app}.`,
        other: `We found # accounts. Tick those you want to share with ${app}.`,
      }),
    leadShown: (bank: string) => `You have chosen them at ${bank}.`,
    renews: 'You have linked this sign-in already. Sharing renews that link; nothing is linked twice.',
    legend: 'Accounts',
    what: 'What you agreed to',
    grant: 'Share and finish',
    refuse: 'Share nothing',
    ending: (ending: string) => `ending in ${ending}`,
  },

  overview: {
    title: 'Your bank connections',
    lead: (app: string) => `What ${app} can read, and until when.`,
    none: 'No bank is connected yet.',
    status: { active: 'Active', action_required: 'Needs you', disconnected: 'Ended' },
    reads: 'Reads',
    shortScopes: { accounts: 'accounts', balances: 'balances', transactions: 'transactions' },
    since: 'Connected on',
    until: 'Until',
    reconfirm: 'Please confirm by',
    last: 'Last read on',
    never: 'not yet',
    renew: 'Renew',
    revoke: 'End',
    forBank: (verb: string, bank: string) => `${verb}: ${bank}`,
    add: 'Add a bank',
    leave: 'Done',
    sureTitle: (bank: string) => `End the connection to ${bank}?`,
    sureText: (app: string) =>
      `Reading stops at once and the bank is told. What ${app} has already read stays there until it is erased.`,
    sure: 'Yes, end it',
    keep: 'No, keep it',
  },

  ended: {
    title: { finished: 'Done', canceled: 'Canceled', failed: 'It did not work', expired: 'This visit has ended' },
    titleConnected: (bank: string) => `${bank} is connected`,
    text: {
      finished: 'Everything is set.',
      canceled: 'Nothing has been shared.',
      failed: 'Nothing has been shared. You can start again from the app.',
      expired: 'It was left alone for too long. You can start again from the app.',
    },
    accounts: (count: number, app: string) =>
      plural(count, { one: `One account is shared with ${app}.`, other: `# accounts are shared with ${app}.` }),
    back: (app: string) => `Back to ${app}`,
    going: (host: string) => `You are being taken back to ${host}.`,
    close: 'You can close this page.',
  },

  own: texts.own,
  ownRetry: 'Try again',
  ownOption: (name: string) => `The part is called “${name}”.`,
  ownDigits: 'If it was you who began there, type these digits there within five minutes. Tell them to nobody:',
  guide: texts.guide,

  consent: texts.consent,
};

/** What every language must bring. */
export type Words = typeof en;
