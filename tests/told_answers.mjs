// For test_chapter_predictions.py. Standard input is a list of [state of a figure, for each of its
// questions the answers]; standard output what is said of each answer, sentence by sentence, but for
// sums. An answer is what is typed, the label of a choice or its number, or [array, ...place].

import { readFileSync } from "node:fs";
import { choicesOf, factOf, sentenceOf, typed } from "../cnnmath/explorer/js/model/answers.js";
import { createModel } from "../cnnmath/explorer/js/model/model.js";
import { cellName } from "../cnnmath/explorer/js/model/places.js";
import { createQuestion, readAnswer } from "../cnnmath/explorer/js/model/question.js";

const told = ([state, answers]) => {
  const model = createModel(state);
  const nameOf = (key, place) => cellName(state.looks[model.nameOf(key)].plain, place);
  return state.predictions.map((prediction, number) => {
    const question = createQuestion(model, prediction);
    const choices = choicesOf(prediction);
    const read = (answer) => {
      if (Array.isArray(answer)) {
        const [key, ...place] = answer;
        return { given: { key, place }, said: nameOf(key, place) };
      }
      if (!choices.length) return { given: readAnswer(answer), said: typed(answer) };
      const choice = choices.find(({ label }, n) => answer === label || answer === n);
      return { given: choice.given, said: "" };
    };
    return (answers[number] ?? []).map((answer) => {
      const { given, said } = read(answer);
      const { verdict, known } = question.judge(given);
      return [sentenceOf(verdict, said), ...known.map((one) => factOf(one, nameOf).words)];
    });
  });
};

console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf-8")).map(told)));
