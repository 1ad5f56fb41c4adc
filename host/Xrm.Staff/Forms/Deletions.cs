using Xrm.Sdk;
using Xrm.Staff.Door;
using Xrm.Staff.Shell;

namespace Xrm.Staff.Forms;

/// <summary>Things that are about to be deleted. What is deleted comes back by no way, so that it is sent only when the time to think again is over;
/// whoever leaves the app before has decided: it is sent then.</summary>
internal sealed class Deletions(IDoor door, Notices notices)
{
    public static readonly TimeSpan TimeToThink = TimeSpan.FromSeconds(15);

    private readonly Dictionary<EntityId, (Commit Commit, Notice Notice)> _going = [];

    /// <summary>After something began to go, was kept after all, or is gone.</summary>
    public event Action? Changed;

    public bool IsGoing(EntityId id) => _going.ContainsKey(id);

    /// <param name="name">What people call it.</param>
    /// <param name="gone">Called once it is deleted.</param>
    public async Task Begin(Entity thing, string name, Func<Task> gone)
    {
        if (IsGoing(thing.Id))
            return;
        var commit = new Commit(EntityId.New(), [new Edit.Delete(thing.Type, thing.Id, thing.Version)]);
        // Before anything is told: whoever leaves at once has decided as well.
        await door.SendOnLeaving(commit);
        var notice = notices.Tell(Label.Of($"« {name} » va être supprimé.", $"\"{name}\" is about to be deleted."), new(Words.Cancel, () => Take(thing.Id)), TimeToThink, () => Send(thing.Id, name, gone));
        _going[thing.Id] = (commit, notice);
        Changed?.Invoke();
    }

    /// <summary>It stays after all; nothing happens when it is gone.</summary>
    public async Task Undo(EntityId id)
    {
        if (_going.TryGetValue(id, out var going))
            await notices.Act(going.Notice);
    }

    private async Task Take(EntityId id)
    {
        if (!_going.Remove(id, out var going))
            return;
        await door.KeepFromSending(going.Commit.Id);
        Changed?.Invoke();
    }

    private async Task Send(EntityId id, string name, Func<Task> gone)
    {
        if (!_going.TryGetValue(id, out var going))
            return;
        try
        {
            await door.Commit(going.Commit, default);
            await Take(id);
            await gone();
        }
        catch (ServerGoneException)
        {
            notices.Tell(Label.Of($"Le serveur ne répond pas : « {name} » n'est pas supprimé.", $"The server does not answer: \"{name}\" is not deleted."));
            await Take(id);
        }
        catch (Problem problem)
        {
            var why = problem.Faults[0].Message;
            notices.Tell(Label.Of($"« {name} » n'est pas supprimé. {why.Fr}", $"\"{name}\" is not deleted. {why.En}"), life: TimeToThink);
            await Take(id);
        }
        catch (SignedOutException)
        {
            await Take(id);
        }
    }
}
