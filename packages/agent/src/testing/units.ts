/** What every form of units is held to. Declares tests: for test files alone. */

export { pretendOperation } from './pretend-operation.ts';
export { testUnits } from './units-conformance.ts';
