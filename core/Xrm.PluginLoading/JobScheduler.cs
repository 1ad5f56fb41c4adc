using Microsoft.Extensions.Logging;
using Xrm.Core.Running;
using Xrm.Sdk;

namespace Xrm.PluginLoading;

/// <summary>Runs the jobs of one plugin, each one interval after it last ended, until it is disposed of.</summary>
/// <param name="begun">Told of each run as it begins; null = nobody is.</param>
internal sealed class JobScheduler(TimeProvider time, ILogger log, Action<Task>? begun) : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly List<Repeated> _jobs = [];
    private readonly TimeProvider _time = time;
    private readonly ILogger _log = log;
    private readonly Action<Task>? _begun = begun;

    /// <summary>Begins. A job that the plugin did not ask for is none of its.</summary>
    public void Start(Attachment attachment)
    {
        foreach (var job in attachment.Hooks.Jobs.Handlers)
            if (attachment.Granted?.Schedules.FirstOrDefault(s => s.Name == job.Name) is { } schedule)
                _jobs.Add(new(this, attachment, job, schedule.Every));
    }

    /// <summary>Tells the jobs to end, and waits for them a little; one that goes on is left to itself.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_end.IsCancellationRequested)
            return;
        await _end.CancelAsync();
        foreach (var job in _jobs)
            await job.DisposeAsync();
        var running = Task.WhenAll(_jobs.Select(j => j.Last));
        // By the machine's clock: a test's may stand still.
        await Task.WhenAny(running, Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, CancellationToken.None));
        if (running.IsCompleted)
            _end.Dispose();
    }

    private sealed class Repeated : IAsyncDisposable
    {
        private readonly JobScheduler _scheduler;
        private readonly Attachment _attachment;
        private readonly Job _job;
        private readonly TimeSpan _every;
        private readonly ITimer _timer;

        public Repeated(JobScheduler scheduler, Attachment attachment, Job job, TimeSpan every)
        {
            (_scheduler, _attachment, _job, _every) = (scheduler, attachment, job, every);
            _timer = scheduler._time.CreateTimer(_ => Begin(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(every, Timeout.InfiniteTimeSpan);
        }

        /// <summary>The run that began last; it never fails.</summary>
        public Task Last { get; private set; } = Task.CompletedTask;

        public ValueTask DisposeAsync() => _timer.DisposeAsync();

        private void Begin()
        {
            Last = Task.Run(Run);
            _scheduler._begun?.Invoke(Last);
        }

        private async Task Run()
        {
            // The source may be disposed of once nothing of this runs.
            var end = _scheduler._end;
            if (end.IsCancellationRequested || _attachment.Health.Off is not null || !_attachment.Hooks.Jobs.Handlers.Contains(_job))
                return;
            var what = Label.Of($"la tâche {_job.Name}", $"the job {_job.Name}");
            try
            {
                await _job.Run(end.Token);
                _attachment.Health.Succeeded(what);
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                _scheduler._log.LogError(e, "The job {Job} of plugin {Plugin} failed; it is tried again in {Every}", _job.Name, _attachment.Plugin, _every);
                _attachment.Health.Failed(what, e);
            }
            _timer.Change(_every, Timeout.InfiniteTimeSpan);
        }
    }
}
