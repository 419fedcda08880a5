/** The order of names in every list: sorted here, since the two databases fold letters and count digits differently. */
export const byName = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
