import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { describeDirectory } from '../src/commands/directory.ts';
import { buildGermanDirectory, coreOf, type GermanDirectory } from '../src/commands/directory/germany.ts';
import { readBankCodes, readFreshness } from '../src/commands/directory/sources.ts';
import { connectors } from '../src/connectors/index.ts';
import { unavailability, WAYS_OUT } from '../src/platform/providers/availability.ts';
import { NEEDS } from '../src/platform/providers/provider.ts';
import { createProviders, type Providers } from '../src/platform/providers/providers.ts';

const TODAY = '2026-11-20';
const factSchemas = Object.fromEntries(Object.values(connectors).map(({ standard, facts }) => [standard, facts]));
const quiet = { info() {}, warn() {} };

describe('the German directory', () => {
  let directory: GermanDirectory;
  let providers: Providers;
  before(async () => {
    directory = buildGermanDirectory(TODAY);
    providers = await createProviders({
      folders: [],
      directories: [() => directory.families],
      factSchemas,
      log: quiet,
    });
  });
  after(() => providers.close());
  const find = (q: string, limit = 3) => providers.search({ q, limit, environments: ['live'] }).data;
  const reached = () => providers.list().filter(({ absence }) => absence === undefined);
  const names = (q: string) => find(q).map((provider) => provider.name);

  test('has every bank code of the Bundesbank’s file, and all that it lists is in order', () => {
    assert.deepEqual(providers.problems(), []);
    assert.ok(directory.counts.bankCodes > 3000 && directory.counts.codesListed > 2500);
    const codes = providers.list().flatMap((provider) => provider.bankCodes);
    assert.equal(new Set(codes).size, codes.length, 'no bank code is at two banks');
    assert.equal(codes.length, directory.counts.bankCodes);
    assert.equal(reached().length, directory.counts.listed);
    assert.equal(providers.list().length, directory.counts.banks);
  });

  test('shows one bank, not its branches, and each bank of a group for itself', () => {
    const large = find('Commerzbank', 20).filter((provider) => provider.name === 'Commerzbank');
    assert.equal(large.length, 1);
    assert.ok(large[0]!.bankCodes.length > 400);
    assert.equal(find('Deutsche Bank', 1)[0]!.bankCodes.length > 200, true);
    const alike = providers.list().filter((provider) => provider.name === 'Raiffeisenbank');
    assert.ok(alike.length > 5);
    assert.deepEqual([...new Set(alike.map((provider) => provider.brand))], ['Volksbanken Raiffeisenbanken']);
  });

  test('finds a bank by name, town, bank code, BIC and IBAN', () => {
    assert.equal(names('sparkasse ulm')[0], 'Sparkasse Ulm');
    assert.equal(names('berliner volksb')[0], 'Berliner Volksbank');
    assert.ok(find('Breisach', 20).length > 0);
    assert.deepEqual(names('63050000'), ['Sparkasse Ulm']);
    assert.equal(names('SOLADES1ULM')[0], 'Sparkasse Ulm');
    assert.deepEqual(names('DE89370400440532013000'), ['Commerzbank']);
    assert.equal(names('dkb')[0], 'Deutsche Kreditbank Berlin');
    assert.equal(names('comdirect')[0], 'comdirect');
  });

  test('every bank needs a registered product, is signed in to with a code of its own, and is called over https', () => {
    for (const provider of reached()) {
      const [way] = provider.interfaces;
      assert.equal(way!.needs, 'product_id');
      assert.match(way!.baseUrl, /^https:\/\//);
      const { bank_code } = way!.facts as { bank_code: string };
      assert.ok(provider.bankCodes.includes(bank_code), `${provider.id} ${bank_code}`);
    }
    assert.deepEqual(
      find('71120078')
        .map((provider) => provider.interfaces[0]!.facts as { bank_code: string })
        .map((facts) => facts.bank_code),
      ['70020270'],
    );
  });

  test('a bank without a known address is found too, and says why nobody can connect it', () => {
    const absent = providers.list().filter(({ absence }) => absence === 'no_address');
    assert.ok(absent.length > 400 && absent.length === directory.counts.withoutAddress);
    for (const { interfaces, accountTypes } of absent) assert.deepEqual([interfaces, accountTypes], [[], []]);
    for (const { id, bankCodes } of absent.slice(0, 50)) assert.equal(find(bankCodes[0]!, 1)[0]?.id, id);
    assert.equal(unavailability({ connectors }, absent[0]!, new Set(NEEDS)), 'no_address');
    assert.equal(unavailability({ connectors }, reached()[0]!, new Set()), 'product_id');
    assert.equal(unavailability({ connectors }, reached()[0]!, new Set(['product_id'])), undefined);
    assert.match(WAYS_OUT.product_id, /fints\.org/);
  });

  test('uses no server that is known to be gone', () => {
    const hosts = new Set(reached().flatMap((provider) => provider.interfaces[0]!.hosts));
    for (const gone of [
      'hbci-pintan.gad.de',
      'hbci11.fiducia.de',
      'fints.ing-diba.de',
      'banking-dkb.s-fints-pt-dkb.de',
      'hbci.neelmeyer.de',
    ]) {
      assert.ok(!hosts.has(gone), gone);
    }
    assert.ok(hosts.has('fints1.atruvia.de') && hosts.has('fints2.atruvia.de'));
  });

  test('knows what changes on the day a new file becomes good', () => {
    const codes = (day: string) => new Map(readBankCodes(day).map((one) => [one.code, one]));
    const { validFrom } = readFreshness().bankCodes;
    const [before, since] = [codes('2000-01-01'), codes(validFrom!)];
    assert.notDeepEqual(before, since);
    assert.ok(since.size > 3000);
  });

  test('the command says how fresh it is, and when it is not', () => {
    const said = describeDirectory(TODAY);
    assert.match(said, /bankdata-germany 2\.\d+\.\d+: valid \d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d\n/);
    assert.match(said, /fints-institute-db 0\.\d+\.\d+/);
    assert.doesNotMatch(said, /Refused/);
    assert.match(describeDirectory('2031-01-01'), /OUT OF DATE/);
  });

  test('a name is the bank’s, without what tells its branches apart', () => {
    const cores = {
      'Commerzbank vormals Dresdner Bank, PCC DCC-ITGK 1': 'Commerzbank',
      'UniCredit Bank - HypoVereinsbank': 'UniCredit Bank',
      'Stadtsparkasse Schwerte -alt-': 'Stadtsparkasse Schwerte',
      'Bankhaus Lampe': 'Bankhaus Lampe',
    };
    for (const [name, core] of Object.entries(cores)) assert.equal(coreOf(name), core);
  });
});
