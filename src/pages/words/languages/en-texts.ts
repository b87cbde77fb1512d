import type { ErrorCode } from '../../../platform/remedies.ts';
import type { OwnPage as VisitPage } from '../../../platform/sessions/visit/visit.ts';

/** What people are told when something is amiss, in English: by error code, on pages without a visit, and in the guide. */
export const texts = {
  /** A title and what to do, by the code in the documented table of `error_code`s. */
  codes: {
    refused_on_page: ['Canceled', 'You have canceled. Nothing has been shared.'],
    refused_at_grant: ['Canceled', 'You have shared nothing, and the bank is told that the permission has ended.'],
    session_expired: ['This visit has ended', 'It was left alone for too long. You can start again from the app.'],
    customer_erased: [
      'This visit has ended',
      'The app has erased your data while the visit went on. Nothing more is read.',
    ],
    bank_unavailable: [
      'The bank does not answer',
      'Its service is away or too slow right now. Nothing has been shared. Please try again in a few minutes.',
    ],
    bank_rate_limited: [
      'The bank asks us to wait',
      'It has had too many requests for the moment. Please try again in a few minutes.',
    ],
    wrong_credentials: [
      'The sign-in was refused',
      'The bank does not know this user name with this password. Check it at your bank’s own page first: too many wrong tries may lock you out.',
    ],
    wrong_code: [
      'The code was not accepted',
      'The bank allows no further try with this code. You can start the sign-in again.',
    ],
    login_blocked: [
      'The bank has blocked this access',
      'Please speak to your bank. We have not tried again and will not.',
    ],
    refused_at_bank: ['It was refused', 'The request was refused at the bank. Nothing has been shared.'],
    bank_timed_out: [
      'That took too long',
      'The bank’s time limit is over. Nothing has been shared. You can start again.',
    ],
    consent_gone: [
      'The permission has ended at the bank',
      'The bank no longer knows this permission. You can give it again.',
    ],
    superseded_at_bank: [
      'A newer permission has taken its place',
      'Your bank keeps one permission at a time, and a newer one ended this. You can give it again.',
    ],
    bank_misconfigured: [
      'Something is not set up right',
      'The bank refuses us, not you. The operator of this page has to look at it.',
    ],
    not_supported: [
      'The bank does not offer this',
      'It does not support what was asked, for instance this kind of account.',
    ],
    bank_unexpected: [
      'The bank’s answer was not understood',
      'Something is wrong between us and the bank. Nothing has been lost.',
    ],
    no_accounts: [
      'No accounts found',
      'The bank showed no accounts of this kind under this sign-in. Another kind of account may be there.',
    ],
    login_not_linked: [
      'This login is not linked',
      'This app may only read accounts of the people who run it, and this login is not one of theirs. Nothing of it is used. Whoever runs the app can link it.',
    ],
    too_many_tries: [
      'Too many tries',
      'So that your access does not get locked, we stop here. Please try again later.',
    ],
    interrupted: [
      'We were interrupted',
      'Something was cut off on our side while the bank was being asked. Please do this step once more.',
    ],
  } satisfies Record<ErrorCode, Told> as Record<ErrorCode, Told>,

  /** Pages that belong to no screen of a visit. */
  own: {
    unknown_link: [
      'This link leads nowhere',
      'It may be incomplete or no longer valid. Please go back to the app and start again there.',
    ],
    new_consent: [
      'This link is not ready yet',
      'The app has not said yet for whom it is. Please go back to the app, or tell its support.',
    ],
    finished: [
      'This link has done its work',
      'There is nothing left to do here. To connect a bank, please start again from the app.',
    ],
    canceled: ['This was canceled', 'Nothing is shared through it. You can start again from the app.'],
    expired: ['This link has expired', 'Nothing has been shared. Please start again from the app.'],
    other_browser: [
      'This visit goes on in another browser',
      'Signing in at the bank has begun elsewhere. For your safety it can only be finished there.',
    ],
    open_link_again: [
      'Please open your link again',
      'This browser has not opened the link this page belongs to. Go back to the app, or open the link once more.',
    ],
    no_cookie: [
      'Please go back to where you started',
      'Your bank opened another browser than the one you began in. Go back to the first one: it is still open at the same step. Nothing has been shared here.',
    ],
    unknown_return: [
      'This way back is no longer valid',
      'It has been used already or the visit is over. Look in the tab you began in, or start again from the app.',
    ],
    handing_over: [
      'One moment',
      'Your bank has sent its answer in a way that only a small script of this page can read. If nothing happens, scripts are switched off in your browser: allow them for this page and reload it. Nothing is lost until then.',
    ],
    bad_option: [
      'This link has a part we do not know',
      'Please go back to the app and start again there, or tell its support.',
    ],
    qr_over: [
      'This code is no longer good',
      'It is good for one minute and one phone. The other screen shows a fresh one: please scan that.',
    ],
    not_me: ['Thank you for being careful', 'Nothing has been shared. You can close this page.'],
    bad_request: ['That did not arrive properly', 'Nothing has been done. Please go back and try again.'],
    rate_limited: [
      'A little slower, please',
      'There were too many requests from here. Please wait a minute and try again.',
    ],
    server_error: [
      'Something went wrong on our side',
      'It is not your fault. Nothing has been lost; please try again.',
    ],
    database_away: [
      'Back in a moment',
      'We cannot get at your visit right now. Nothing has been lost: it goes on at the same step.',
    ],
  } satisfies Record<OwnPage, Told> as Record<OwnPage, Told>,

  guide: {
    title: 'Help with connecting a bank',
    lead: 'What to do when something does not go as it should.',
    back: 'Close this page to get back to where you were.',
    topics: [
      {
        question: 'I cannot find my bank.',
        answer: [
          'Type your IBAN: it leads to your bank for sure.',
          'Try the short name, without “bank” or “AG”.',
          'A bank in grey is listed but cannot be chosen right now; the line below its name says why.',
        ],
      },
      {
        question: 'My account is not in the list.',
        answer: [
          'Banks often keep current accounts and credit cards apart. Go back, choose the other kind of account, and connect it as well.',
          'Joint and business accounts may belong to another sign-in at the same bank.',
        ],
      },
      {
        question: 'My sign-in is refused.',
        answer: [
          'Use what you use for online banking, not the PIN of your card.',
          'Try it at your bank’s own page. If it is refused there too, only your bank can help.',
          'We never repeat a sign-in by ourselves, so that you are not locked out.',
        ],
      },
      {
        question: 'No code arrives.',
        answer: [
          'Wait a minute; text messages can be slow.',
          'Ask for a new code. Earlier ones then no longer work.',
          'Go back and choose another way, if your bank offers several.',
        ],
      },
      {
        question: 'My phone shows nothing to approve.',
        answer: [
          'Open the bank’s app yourself; notifications may be switched off.',
          'Check that the phone is online, then send the request again.',
        ],
      },
      {
        question: 'After the bank I ended up somewhere else.',
        answer: [
          'Return to the tab or browser you began in and reload it. The visit is still there.',
          'On a phone the bank’s app may open another browser. Start again in that one if the first is gone.',
        ],
      },
      {
        question: 'I was interrupted.',
        answer: [
          'Open the same link again. It goes on where you stopped, or says plainly why not.',
          'A visit that is left alone for half an hour ends; nothing has been shared then.',
        ],
      },
      {
        question: 'The code on the screen does not scan.',
        answer: [
          'Make the page larger and the screen brighter. The code changes each minute.',
          'Use the phone’s own camera. The phone must be online.',
          'You can go on where you are instead.',
        ],
      },
      {
        question: 'The app shows old figures.',
        answer: [
          'Banks let themselves be read a few times a day. New entries may take a day to appear.',
          'If the app says that it needs you, renew the connection there.',
        ],
      },
      {
        question: 'Somebody sent me this link or code.',
        answer: [
          'Then do not use it. Whoever started the visit would see your accounts.',
          'Connect a bank only when you began it yourself, in the app you use.',
        ],
      },
      {
        question: 'I want to stop sharing.',
        answer: [
          'In the app, in the overview of your connections here, or at your bank under permissions given to others.',
          'Reading stops at once.',
        ],
      },
    ],
    contact: 'Still stuck?',
    contactText: 'Write to support and quote the reference at the bottom of the page. Never send a password or code.',
  },

  /** The text of a consent as data: placeholders in braces, lists of lines. Any change of a word is a new version. */
  consent: {
    title: 'Allow {app} to read your accounts at {bank}?',
    who: {
      heading: 'Who asks',
      same: '{app}',
      behalf: '{app}, through {requester}',
      register: 'Registered as {register}.',
      requester: '{requester} asks the bank on behalf of {app}.',
      operator: 'This page is run by {operator}.',
    },
    purpose: { heading: 'What for', given: '{purpose}', none: '{app} has not stated a purpose.' },
    what: {
      heading: 'What is read',
      accounts: 'Accounts: name, number, type, currency and holder.',
      balances: 'Balances: what is booked and what is available.',
      transactions: 'Transactions of the last {history} and new ones: date, amount, text and the other party.',
      transactionsOnce: 'Transactions of the last {history}: date, amount, text and the other party.',
      summary: { accounts: 'accounts', balances: 'balances', transactions: 'transactions' },
      summaryLine: 'Your {scopes} at {bank}',
      types: 'Kinds of account: {types}.',
      choose: 'You say which accounts after signing in.',
      nothingElse: 'Nothing else. No payment can be made and nothing can be changed.',
    },
    long: {
      heading: 'How long',
      once: 'Once, now',
      onceMore: 'After that nothing more is read.',
      until: 'Until {until}',
      untilMore: 'Several times a day, also when you are not there. The bank may set an earlier end.',
      reconfirm: 'Every {days} you are asked whether it should go on.',
    },
    sharing: {
      heading: 'Who sees it',
      first: '{app} and nobody else through us',
      operator: '{operator} keeps the data for {app}, sealed and only for this.',
      further: 'What {app} does with it is said in its own privacy notice.',
    },
    stop: {
      heading: 'How to stop',
      first: 'At any time: in {app}, here, or at your bank',
      effect: 'Reading then stops at once. What has been read before stays with {app} until it is erased.',
      contact: 'Or write to {email}.',
    },
  },
};

/** Pages of ours without a screen: those a visit asks for, and those of the server itself. */
export type OwnPage = VisitPage | 'rate_limited' | 'server_error' | 'database_away';

/** A title and the sentences below it. */
export type Told = readonly [title: string, text: string];
