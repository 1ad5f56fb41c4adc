using System.Collections.Immutable;
using Xrm.Sdk;

namespace Xrm.PluginLoading;

/// <summary>Says in people's words why a plugin cannot run.</summary>
internal static class Refusal
{
    /// <summary>What went wrong in a phase as a problem; one that is a problem already stays as it is.</summary>
    public static Problem Of(PluginPhase phase, Exception exception)
    {
        if (exception is Problem problem)
            return problem;
        var what = $"{exception.GetType().Name}: {exception.Message}";
        return new(ProblemCode.Invalid, phase switch
        {
            PluginPhase.Package => Label.Of($"Le paquet ne peut pas être lu : {what}", $"The package cannot be read: {what}"),
            PluginPhase.Loading => Label.Of($"Le module échoue à son chargement : {what}", $"The plugin fails while it is being loaded: {what}"),
            PluginPhase.Describing => Label.Of($"Le module échoue en décrivant son modèle : {what}", $"The plugin fails while it describes its model: {what}"),
            PluginPhase.Attaching => Label.Of($"Le module échoue à son démarrage : {what}", $"The plugin fails while it starts: {what}"),
            _ => Label.Of($"Le module échoue : {what}", $"The plugin fails: {what}"),
        });
    }

    public static Problem TooLong(PluginPhase phase, TimeSpan limit) => new(ProblemCode.Limit, phase switch
    {
        PluginPhase.Describing => Label.Of(
            $"Le module n'a pas fini de décrire son modèle en {limit.TotalSeconds:0.###} secondes. Une mise à jour du module est nécessaire.",
            $"The plugin did not finish describing its model within {limit.TotalSeconds:0.###} seconds. It needs to be updated."),
        _ => Label.Of(
            $"Le module n'a pas démarré en {limit.TotalSeconds:0.###} secondes. Une mise à jour du module est nécessaire.",
            $"The plugin did not start within {limit.TotalSeconds:0.###} seconds. It needs to be updated."),
    });

    /// <summary>All messages of a problem.</summary>
    public static ImmutableArray<Label> Reasons(Problem problem) => [.. problem.Faults.Select(f => f.Message)];

    /// <summary>Runs a plugin's code on a thread of its own, and waits for it no longer than it may take. A thread that hangs is left behind: it cannot be stopped.</summary>
    /// <exception cref="Problem">Limit: it takes too long. Invalid: it failed.</exception>
    public static async Task<T> Within<T>(PluginPhase phase, TimeSpan limit, TimeProvider time, Func<T> run)
    {
        var running = Task.Factory.StartNew(run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            return await running.WaitAsync(limit, time).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!running.IsCompleted)
        {
            throw TooLong(phase, limit);
        }
        catch (Exception e)
        {
            throw Of(phase, e);
        }
    }
}
