import type { Validator } from '../../runtime/adapter/v1.ts';
import type { Athena } from '../types.d.ts';
export const analyzeProjectCodebaseParams: Validator<Athena.Analysis.AnalyzeProjectCodebaseParams>;
export const analyzeProjectCodebaseResult: Validator<Athena.Analysis.AnalyzeProjectCodebaseResult>;
export const storeProjectAnalysisParams: Validator<Athena.Analysis.StoreProjectAnalysisParams>;
export const storeProjectAnalysisResult: Validator<Athena.Analysis.StoreProjectAnalysisResult>;
