import { createHmac, timingSafeEqual } from 'node:crypto';

// Question: mark, kind, challenge, proof, zeros. Answer: mark, kind, challenge, proof, length of the name, name.
const mark = Buffer.from('drover-peer/1');
const challengeBytes = 16;
const proofBytes = 32;
const proofAt = mark.length + 1 + challengeBytes;
const nameAt = proofAt + proofBytes + 1;

const kinds = { question: 1, answer: 2 } as const;

/** What a question has at least: more than an answer, so that nobody is sent more than was asked with in his name. */
export const questionBytes = 320;

/** A number that is used once. */
export function isChallenge(bytes: Uint8Array): boolean {
  return bytes.length === challengeBytes;
}

/** A question that shows that its sender has the key, filled up with zeros. Throws a RangeError below `questionBytes`. */
export function formatQuestion(key: Uint8Array, challenge: Uint8Array, sizeBytes = questionBytes): Buffer {
  if (sizeBytes < questionBytes || !isChallenge(challenge)) throw new RangeError('no question has this form');
  const body = Buffer.concat([mark, Buffer.of(kinds.question), challenge]);
  const question = Buffer.alloc(sizeBytes);
  Buffer.concat([body, prove(key, body)]).copy(question);
  return question;
}

/** The answer to a question; undefined where it is none, or its sender does not have the key. */
export function answerQuestion(key: Uint8Array, nodeName: string, question: Uint8Array): Buffer | undefined {
  if (question.length < questionBytes) return undefined;
  const body = question.subarray(0, proofAt);
  if (!Buffer.from(body).subarray(0, mark.length).equals(mark) || body[mark.length] !== kinds.question)
    return undefined;
  if (!timingSafeEqual(prove(key, body), question.subarray(proofAt, proofAt + proofBytes))) return undefined;
  const head = Buffer.concat([mark, Buffer.of(kinds.answer), question.subarray(mark.length + 1, proofAt)]);
  const name = Buffer.from(nodeName);
  return Buffer.concat([head, prove(key, head, name), Buffer.of(name.length), name]);
}

/** The name in the answer to this challenge; undefined where it is none, or comes from somebody without the key. */
export function readAnswer(key: Uint8Array, challenge: Uint8Array, answer: Uint8Array): string | undefined {
  if (answer.length < nameAt || answer.length !== nameAt + (answer[nameAt - 1] ?? 0)) return undefined;
  const head = Buffer.concat([mark, Buffer.of(kinds.answer), challenge]);
  const name = answer.subarray(nameAt);
  if (!head.equals(answer.subarray(0, proofAt))) return undefined;
  if (!timingSafeEqual(prove(key, head, name), answer.subarray(proofAt, proofAt + proofBytes))) return undefined;
  return Buffer.from(name).toString('utf8');
}

/** Whether more of an answer is to come. */
export function isUnfinished(answer: Uint8Array): boolean {
  return answer.length < nameAt || answer.length < nameAt + (answer[nameAt - 1] ?? 0);
}

function prove(key: Uint8Array, ...parts: readonly Uint8Array[]): Buffer {
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest();
}
