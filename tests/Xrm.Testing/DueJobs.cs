using Microsoft.Extensions.Logging;
using Xrm.Core.Running;
using Xrm.Sdk;

namespace Xrm.Testing;

/// <summary>Runs the jobs of one plugin when the test's clock passes their time, and has whoever moves the clock wait for them.</summary>
internal sealed class DueJobs : IDisposable
{
    private readonly CancellationTokenSource _gone = new();
    private readonly List<ITimer> _timers = [];
    private readonly TestClock _clock;
    private readonly Attachment _attachment;
    private readonly ILogger _log;

    /// <exception cref="Problem">Forbidden: a job that the plugin did not ask for.</exception>
    public DueJobs(TestClock clock, Attachment attachment, ILogger log)
    {
        _clock = clock;
        _attachment = attachment;
        _log = log;
        var jobs = attachment.Hooks.Jobs.Handlers.Select(job => (Job: job, Asked: attachment.Granted!.Schedules.FirstOrDefault(s => s.Name == job.Name))).ToArray();
        if (jobs.Where(j => j.Asked is null).Select(j => j.Job.Name).ToArray() is { Length: > 0 } unasked)
            throw new Problem(unasked.Select(name => new Fault(ProblemCode.Forbidden, Label.Of(
                $"Le module {attachment.Plugin} n'a pas demandé la tâche {name} (Permissions, dans Describe).",
                $"Plugin {attachment.Plugin} did not ask for the job {name} (Permissions, in Describe)."), name, "permission")));
        foreach (var (job, asked) in jobs)
            Start(job, asked!.Every);
    }

    public void Dispose()
    {
        _gone.Cancel();
        foreach (var timer in _timers)
            timer.Dispose();
        _gone.Dispose();
    }

    private void Start(Job job, TimeSpan every)
    {
        ITimer? timer = null;
        timer = _clock.CreateTimer(_ => _clock.WaitFor(Run(job, timer!, every)), null, every, Timeout.InfiniteTimeSpan);
        _timers.Add(timer);
    }

    private async Task Run(Job job, ITimer timer, TimeSpan every)
    {
        if (_attachment.Health.Off is not null || !_attachment.Hooks.Jobs.Handlers.Contains(job))
            return;
        try
        {
            await job.Run(_gone.Token);
            _attachment.Health.Succeeded();
        }
        catch (OperationCanceledException) when (_gone.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e)
        {
            _log.LogError(e, "The job {Job} of plugin {Plugin} failed", job.Name, _attachment.Plugin);
            _attachment.Health.Failed(Label.Of($"la tâche {job.Name}", $"the job {job.Name}"), e);
        }
        timer.Change(every, Timeout.InfiniteTimeSpan);
    }
}
