import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { answerQuestion, formatQuestion, questionBytes, readAnswer } from './peer-message.ts';

const key = randomBytes(32);
const challenge = randomBytes(16);

test('an answer is shorter than its question, even with the longest name', () => {
  const answer = answerQuestion(key, 'n'.repeat(253), formatQuestion(key, challenge));
  assert.ok(answer !== undefined && answer.length <= questionBytes);
  assert.equal(readAnswer(key, challenge, answer), 'n'.repeat(253));
});

test('a question is no answer, and nobody else’s challenge is answered by it', () => {
  const answer = answerQuestion(key, 'worker-1', formatQuestion(key, challenge)) ?? Buffer.alloc(0);
  assert.equal(readAnswer(key, challenge, formatQuestion(key, challenge)), undefined);
  assert.equal(readAnswer(key, randomBytes(16), answer), undefined);
  assert.equal(readAnswer(randomBytes(32), challenge, answer), undefined);
});

test('whatever is changed about a question or an answer, it is none', () => {
  const question = formatQuestion(key, challenge);
  const answer = answerQuestion(key, 'worker-1', question) ?? Buffer.alloc(0);
  const flip = (bytes: Buffer, at: number, bit: number): Buffer => {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ (1 << bit);
    return changed;
  };
  fc.assert(
    fc.property(fc.nat({ max: 61 }), fc.nat({ max: 7 }), (at, bit) => {
      assert.equal(answerQuestion(key, 'worker-1', flip(question, at, bit)), undefined);
      assert.equal(readAnswer(key, challenge, flip(answer, at, bit)), undefined);
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      assert.equal(answerQuestion(key, 'worker-1', bytes), undefined);
      assert.equal(readAnswer(key, challenge, bytes), undefined);
    }),
  );
});
