/** The name of a setting's input, which its error also goes by. */
export const settingName = (key: string): string => `setting-${key}`;
