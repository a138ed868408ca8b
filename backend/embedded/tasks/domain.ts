import type { Domain } from '../handler.ts';
import { startTask, updateMilestoneProgress, updateTaskStatus, verifyTask } from './change-task.ts';
import { createTask, createTaskWithMilestones, createTaskWithPlanning } from './create-task.ts';
import { getGoalPriorityRanking, recommendNextGoal } from './goal-ranking.ts';
import { activateGoal, completeGoal, getActiveGoals, recordExecutionProgress, setGoal } from './goals.ts';
import { listTasks } from './list-tasks.ts';
import { getProjectDashboard, getProjectStatus } from './project.ts';
import { TASK_MIGRATIONS } from './tables.ts';
import { getTaskHealth } from './task-health.ts';
import { getWorkflowStatus } from './workflow.ts';

/** Served under two tools. */
const MONITORED = {
  get_task_health: getTaskHealth,
  get_project_dashboard: getProjectDashboard,
  get_project_status: getProjectStatus,
};

/** Tasks with milestones, goals with subgoals, and how work on them stands. */
export const tasksDomain = {
  migrations: TASK_MIGRATIONS,
  reads: {
    task_management_tools: {
      list_tasks: listTasks,
      get_active_goals: getActiveGoals,
      get_goal_priority_ranking: getGoalPriorityRanking,
      recommend_next_goal: recommendNextGoal,
      get_workflow_status: getWorkflowStatus,
      ...MONITORED,
    },
    monitoring_tools: MONITORED,
  },
  writes: {
    task_management_tools: {
      create_task: createTask,
      create_task_with_planning: createTaskWithPlanning,
      create_task_with_milestones: createTaskWithMilestones,
      update_task_status: updateTaskStatus,
      update_milestone_progress: updateMilestoneProgress,
      start_task: startTask,
      verify_task: verifyTask,
      set_goal: setGoal,
      activate_goal: activateGoal,
      record_execution_progress: recordExecutionProgress,
      complete_goal: completeGoal,
    },
  },
} as const satisfies Domain;
