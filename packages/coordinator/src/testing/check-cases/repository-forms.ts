import { repositoryForms } from '../../preflight/checks/repository-forms.ts';
import { exampleView } from '../example-view.ts';
import { viewWith } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

const apt = { url: 'http://packages.example/deb/', suite: '/', checkSignatures: false };
const debian = { os: { packageManager: 'apt', prettyName: 'Debian 12' } } as const;

testCheck(repositoryForms, {
  finds: [
    [
      'a machine with apt where repositories have yum’s form alone',
      'missing',
      viewWith('worker-1', debian),
      /^Debian 12 installs by apt, and docker-ce, kubernetes has no apt/,
    ],
    [
      'a machine with dnf where a repository has apt’s form alone',
      'missing',
      exampleView({ repositories: [{ id: 'kubernetes', apt }] }),
      /installs by dnf, and kubernetes has no baseUrl/,
    ],
  ],
  passes: [
    ['a machine as it should be', exampleView()],
    [
      'machines of both families, and both forms',
      viewWith('worker-1', debian, {
        repositories: [{ id: 'kubernetes', baseUrl: 'http://packages.example/rpm/', apt }],
      }),
    ],
  ],
});
