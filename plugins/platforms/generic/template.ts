/** A command as an admin wrote it, with the service's name put in as one quoted word. */
import { quote } from '../../../server/ssh/quote.js';

export function filled(template: string, service: string): string {
  return template.replaceAll('{service}', () => quote(service));
}
