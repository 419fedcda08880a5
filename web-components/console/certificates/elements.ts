/** Everything about certificates that the console shows; a file of its own, loaded when some of it is shown first. */
import { define } from '../../define.js';
import { AuthoritiesPage } from './authorities.js';
import { CertificateCard } from './card.js';
import { CertificateFormPage } from './certificate-form.js';
import { DnsCredentialsPage } from './credentials.js';
import { WantedRecords } from './wanted-records.js';

define('console-certificate', CertificateCard);
define('console-wanted-records', WantedRecords);
define('console-certificate-form', CertificateFormPage);
define('console-certificate-authorities', AuthoritiesPage);
define('console-dns-credentials', DnsCredentialsPage);
