using Microsoft.Extensions.Logging;
using Xrm.Core.Running;
using Xrm.Sdk;

namespace Xrm.PluginLoading;

/// <summary>Runs the jobs of one plugin, each one interval after it last ended, until it is disposed of.</summary>
internal sealed class JobScheduler(TimeProvider time, ILogger log) : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _running = [];

    /// <summary>Begins. A job that the plugin did not ask for is none of its.</summary>
    public void Start(Attachment attachment)
    {
        foreach (var job in attachment.Hooks.Jobs.Handlers)
            if (attachment.Granted?.Schedules.FirstOrDefault(s => s.Name == job.Name) is { } schedule)
                _running.Add(Task.Run(() => Repeat(attachment, job, schedule.Every)));
    }

    /// <summary>Tells the jobs to end, and waits for them a little; one that goes on is left to itself.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_end.IsCancellationRequested)
            return;
        await _end.CancelAsync();
        // By the machine's clock: a test's may stand still.
        await Task.WhenAny(Task.WhenAll(_running), Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, CancellationToken.None));
        if (_running.TrueForAll(t => t.IsCompleted))
            _end.Dispose();
    }

    private static Label What(Job job) => Label.Of($"la tâche {job.Name}", $"the job {job.Name}");

    private async Task Repeat(Attachment attachment, Job job, TimeSpan every)
    {
        while (true)
            try
            {
                await Task.Delay(every, time, _end.Token);
                if (attachment.Health.Off is not null)
                    return;
                await job.Run(_end.Token);
                attachment.Health.Succeeded(What(job));
            }
            catch (OperationCanceledException) when (_end.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                log.LogError(e, "The job {Job} of plugin {Plugin} failed; it is tried again in {Every}", job.Name, attachment.Plugin, every);
                attachment.Health.Failed(What(job), e);
            }
    }
}
