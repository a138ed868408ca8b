import type { Validator } from '../../runtime/adapter/v1.ts';
import type { Athena } from '../types.d.ts';
export const analyzeCodeSecurityParams: Validator<Athena.Security.AnalyzeCodeSecurityParams>;
export const analyzeCodeSecurityResult: Validator<Athena.Security.AnalyzeCodeSecurityResult>;
export const trackSensitiveDataParams: Validator<Athena.Security.TrackSensitiveDataParams>;
export const trackSensitiveDataResult: Validator<Athena.Security.TrackSensitiveDataResult>;
