/** What the product loads on the first operation that needs it, loaded before anything else. */
import 'acme-client';
import '@peculiar/x509';
import 'dns-packet';
import 'ssh2';
