/** The scripts are plain JavaScript, since they run before anything is installed; their tests take them as they are. */
declare module '*.mjs';
