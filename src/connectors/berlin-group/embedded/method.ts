import { asList, asRecord, asText } from '../../../banking/formats/values.ts';
import type { Option } from '../../../banking/step.ts';

/** The methods a bank offers (`scaMethods`), as something to choose from; entries without an id are left out. */
export function readMethods(scaMethods: unknown): Option[] {
  const options = asList(scaMethods)
    .slice(0, 30)
    .map(asRecord)
    .flatMap((method): Option[] => {
      const id = asText(method.authenticationMethodId, 100);
      if (id === undefined) return [];
      const label = asText(method.name, 140) ?? asText(method.authenticationType, 60) ?? id;
      const hint = asText(method.explanation);
      return [{ id, label, ...(hint && hint !== label && { hint }) }];
    });
  return [...new Map(options.map((option) => [option.id, option])).values()];
}
