import type { ErrorEntry } from '@drover/core';

/** What can be the matter with the store. */
export const storeErrors = {
  'store-full': {
    status: 507,
    grpc: 'RESOURCE_EXHAUSTED',
    retryable: true,
    title: 'The coordinator’s disk is full',
    remedy: 'Free space where the coordinator’s data directory lies; runs go on by themselves.',
  },
  'store-unavailable': {
    status: 503,
    grpc: 'UNAVAILABLE',
    retryable: true,
    title: 'The coordinator’s store cannot be used',
    remedy: 'Check the file system of the data directory: mounted, writable, without errors in the kernel’s log.',
  },
  'store-corrupt': {
    status: 500,
    grpc: 'INTERNAL',
    retryable: false,
    title: 'The coordinator’s store is damaged',
    remedy:
      'Keep the file for examination and put the last backup in its place; clusters keep running meanwhile. Where only the record of a cluster or a node is damaged, storing the cluster again (`drover apply`) or deleting what is damaged (`drover delete cluster`, `drover delete node`) is a way out too: a node then enrols anew.',
  },
  'store-too-new': {
    status: 500,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    title: 'The store was written by a later version of Drover',
    remedy: 'Start the coordinator of that version or a later one.',
  },
  'data-directory-in-use': {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    title: 'The data directory is in use',
    remedy: 'Stop the coordinator that has it open, or give this one a data directory of its own.',
  },
  'revision-compacted': {
    status: 410,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    title: 'The history asked for is no longer kept',
    remedy: 'List what there is now and watch from there.',
  },
} as const satisfies Record<string, ErrorEntry>;
