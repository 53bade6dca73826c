#!/bin/sh
# Slurm's clients as far as `bitlaw run --on` speaks with them, for tests without a cluster: jobs are processes
# of this machine. It is called by the names of the clients; what they know stands in $FAKE_SLURM.
name=$(basename "$0")
echo "$name $*" >>"$FAKE_SLURM/calls"
[ ! -e "$FAKE_SLURM/$name.says" ] || { cat "$FAKE_SLURM/$name.says" >&2; exit 1; }
case $name in
sbatch)
  for word; do
    case $word in
    --array=0-*) last=${word#--array=0-} ;;
    --output=*) output=${word#--output=} ;;
    esac
    script=$word
  done
  if [ "$last" -ge "${FAKE_SUBMIT:-100000}" ]; then
    echo "sbatch: error: AssocMaxSubmitJobLimit" >&2
    echo "sbatch: error: Batch job submission failed: Job violates accounting/QOS policy" >&2
    exit 1
  fi
  job=$(($(cat "$FAKE_SLURM/last" 2>/dev/null || echo 0) + 1))
  echo $job >"$FAKE_SLURM/last"
  [ ! -e "$FAKE_SLURM/broken" ] || script=$FAKE_SLURM/broken
  # As sbatch does: what stands at its path later is another job's.
  cp "$script" "$FAKE_SLURM/script-$job"
  script=$FAKE_SLURM/script-$job
  task=0
  while [ "$task" -le "$last" ]; do
    log=$(echo "$output" | sed "s/%A/$job/; s/%a/$task/")
    SLURM_JOB_ID=$job SLURM_ARRAY_JOB_ID=$job SLURM_ARRAY_TASK_ID=$task SLURMD_NODENAME=node$((task % 2)) \
      setsid sh "$script" >"$log" 2>&1 </dev/null &
    echo $! >"$FAKE_SLURM/job-${job}_$task"
    task=$((task + 1))
  done
  # Sites print words of their own, and clusters with several names tell theirs.
  [ -z "${FAKE_WORDS:-}" ] || echo "sbatch: $FAKE_WORDS"
  echo "$job${FAKE_WORDS:+;scratch}"
  ;;
squeue)
  form=columns
  for word; do
    case $word in
    --json) form=json ;;
    --name=*) jobs=${word#--name=} ;;
    esac
  done
  if [ $form = json ]; then
    [ -z "${FAKE_COLUMNS:-}" ] || { echo "squeue: unrecognized option '--json'" >&2; exit 1; }
    printf '{"jobs": ['
  fi
  comma=
  for job in "$FAKE_SLURM"/job-*; do
    [ -e "$job" ] || continue
    state=COMPLETED
    ! kill -0 "$(cat "$job")" 2>/dev/null || state=RUNNING
    id=${job##*/job-}
    if [ $form = json ]; then
      printf '%s{"array_job_id": %s, "array_task_id": %s, "job_state": "%s", "name": "%s"}' \
        "$comma" "${id%_*}" "${id#*_}" "$state" "$jobs"
      comma=,
    else
      echo "$id|$state|None"
    fi
  done
  [ $form = columns ] || echo ']}'
  ;;
scancel)
  # None of these jobs waits.
  case " $* " in *" --state=PENDING "*) exit 0 ;; esac
  for job in "$FAKE_SLURM"/job-*; do
    [ ! -e "$job" ] || kill "$(cat "$job")" 2>/dev/null
  done
  ;;
srun)
  while case $1 in -*) true ;; *) false ;; esac do shift; done
  exec "$@"
  ;;
sinfo) echo main ;;
scontrol)
  echo "MaxArraySize            = ${FAKE_ARRAY:-1001}"
  echo "SchedulerParameters     = bf_interval=30,max_array_tasks=${FAKE_TASKS:-900}"
  ;;
esac
exit 0
