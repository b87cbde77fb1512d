import type { Connector } from '../banking/connector.ts';
import { berlinGroup } from './berlin-group/index.ts';
import { fints } from './fints/index.ts';
import { openBankingUk } from './open-banking-uk/index.ts';

/** Every standard we speak, by the name that provider files call it. */
export const connectors: Record<string, Connector> = {
  'berlin-group': berlinGroup,
  fints,
  'open-banking-uk': openBankingUk,
};
