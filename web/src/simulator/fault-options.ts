/** One option of a fault as a field of a form. */
export interface OptionField {
  readonly name: string;
  readonly kind: 'number' | 'flag' | 'choice' | 'text' | 'json';
  readonly required: boolean;
  readonly least?: number;
  readonly most?: number;
  readonly choices?: readonly string[];
  /** What it is when nobody says otherwise. */
  readonly usual?: unknown;
}

/**
 * The fields of a fault's options, from their JSON Schema. A kind of option that has no field of
 * its own is written as JSON, so that no fault is out of reach.
 */
export function optionFields(schema: unknown): readonly OptionField[] {
  const { properties, required } = recordOf(schema);
  const needed = Array.isArray(required) ? required : [];
  return Object.entries(recordOf(properties)).map(([name, value]) => {
    const property = recordOf(value);
    const { minimum, maximum, default: usual } = property;
    const choices = Array.isArray(property.enum) ? property.enum.filter(isText) : undefined;
    return {
      name,
      kind: choices === undefined ? kindOf(property.type) : 'choice',
      required: needed.includes(name) && usual === undefined,
      ...(typeof minimum === 'number' && minimum > -1e9 ? { least: minimum } : {}),
      ...(typeof maximum === 'number' && maximum < 1e9 ? { most: maximum } : {}),
      ...(choices === undefined ? {} : { choices }),
      ...(usual === undefined ? {} : { usual }),
    };
  });
}

/** The options to send: what was filled in, as the control expects it; `undefined` where JSON is not JSON. */
export function filledOptions(
  fields: readonly OptionField[],
  values: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> | undefined {
  const options: Record<string, unknown> = {};
  for (const { name, kind } of fields) {
    const value = values[name];
    if (value === undefined || value === '' || value === null) continue;
    if (kind !== 'json') options[name] = value;
    else {
      try {
        options[name] = JSON.parse(String(value));
      } catch {
        return undefined;
      }
    }
  }
  return options;
}

function kindOf(type: unknown): OptionField['kind'] {
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'boolean') return 'flag';
  return type === 'string' ? 'text' : 'json';
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
