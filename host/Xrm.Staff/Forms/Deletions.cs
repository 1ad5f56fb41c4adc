using Xrm.Sdk;
using Xrm.Staff.Door;
using Xrm.Staff.Model;
using Xrm.Staff.Shell;

namespace Xrm.Staff.Forms;

/// <summary>Things that are about to be deleted. What is deleted comes back by no way, so that it is sent only when the time to think again is over;
/// whoever leaves the app before has decided: it is sent then.</summary>
internal sealed class Deletions(IDoor door, Session session, Connection connection, Notices notices)
{
    public static readonly TimeSpan TimeToThink = TimeSpan.FromSeconds(15);

    private readonly Dictionary<EntityId, Going> _going = [];
    private int _refused;

    /// <summary>After something began to go, was kept after all, or is gone.</summary>
    public event Action? Changed;

    /// <summary>How far it is with a thing; null when it is not about to be deleted.</summary>
    public Departure? Of(EntityId id) => _going.GetValueOrDefault(id)?.State;

    /// <param name="name">What people call it.</param>
    /// <param name="gone">Called once it is deleted.</param>
    public void Begin(Entity thing, string name, Func<Task> gone)
    {
        if (_going.ContainsKey(thing.Id))
            return;
        var commit = new Commit(EntityId.New(), [new Edit.Delete(thing.Type, thing.Id, thing.Version)]);
        // Before anything is told: whoever leaves at once has decided as well.
        door.SendOnLeaving(commit);
        var notice = notices.Tell(Label.Of($"« {name} » va être supprimé.", $"\"{name}\" is about to be deleted."), new(Words.Cancel, () => Keep(thing.Id)), TimeToThink, () => Send(thing.Id, name, gone));
        _going[thing.Id] = new(thing, commit, notice);
        Changed?.Invoke();
    }

    /// <summary>It stays after all. Once it was sent and not answered, that is known only when the server answers again: it is sent no more, and told then.</summary>
    public async Task Undo(EntityId id)
    {
        if (_going.GetValueOrDefault(id) is not { } going)
            return;
        if (going.State == Departure.Awaited)
            await notices.Act(going.Notice);
        else
            await going.Stop.CancelAsync();
    }

    /// <summary>There is no more time to think: what is about to go is sent. False when the server refused some of it, which was told.</summary>
    public async Task<bool> Decide()
    {
        var refused = _refused;
        foreach (var going in _going.Values.Where(g => g.State == Departure.Awaited).ToArray())
            await notices.Close(going.Notice);
        return _refused == refused;
    }

    private Task Keep(EntityId id)
    {
        Take(id);
        return Task.CompletedTask;
    }

    private void Take(EntityId id)
    {
        if (!_going.Remove(id, out var going))
            return;
        door.KeepFromSending(going.Commit.Id);
        Changed?.Invoke();
    }

    private async Task Send(EntityId id, string name, Func<Task> gone)
    {
        if (_going.GetValueOrDefault(id) is not { } going)
            return;
        using var stop = going.Stop;
        Turn(going, Departure.Sent);
        try
        {
            while (!await IsSent(going))
            {
                notices.Tell(Label.Of($"Le serveur ne répond pas. « {name} » sera supprimé dès qu'il répondra.", $"The server does not answer. \"{name}\" will be deleted as soon as it does."), new(Words.Cancel, () => Undo(id)));
                await connection.Return().WaitAsync(stop.Token);
            }
            Take(id);
            await gone();
        }
        catch (OperationCanceledException)
        {
            await Withdraw(going, name, gone);
        }
        catch (Problem problem)
        {
            _refused++;
            var why = problem.Faults[0].Message;
            notices.Tell(Label.Of($"« {name} » n'est pas supprimé. {why.Fr}", $"\"{name}\" is not deleted. {why.En}"), life: TimeToThink);
            Take(id);
        }
        catch (SignedOutException)
        {
            Take(id);
        }
    }

    /// <summary>Sends it no more, and tells what became of it as soon as that can be known.</summary>
    private async Task Withdraw(Going going, string name, Func<Task> gone)
    {
        var (id, type) = (going.Thing.Id, session.Model.ByName[going.Thing.Type]);
        door.KeepFromSending(going.Commit.Id);
        Turn(going, Departure.Withdrawn);
        try
        {
            bool? isThere;
            while ((isThere = await IsThere(type, id)) is null)
                await connection.Return();
            Take(id);
            if (isThere == true)
            {
                notices.Tell(Label.Of($"« {name} » est conservé.", $"\"{name}\" is kept."));
                return;
            }
            notices.Tell(Label.Of($"« {name} » était déjà supprimé quand vous avez annulé.", $"\"{name}\" had been deleted by the time you cancelled."), life: TimeToThink);
            await gone();
        }
        catch (Exception e) when (e is Problem or SignedOutException)
        {
            Take(id);
        }
    }

    // Whether it arrived is not known when nobody answers; sent again it does nothing twice.
    private async Task<bool> IsSent(Going going)
    {
        try
        {
            await door.Commit(going.Commit, going.Stop.Token);
            return true;
        }
        catch (ServerGoneException)
        {
            return false;
        }
    }

    /// <summary>Null when nobody answers.</summary>
    private async Task<bool?> IsThere(ModelType type, EntityId id)
    {
        try
        {
            return await door.Find(new(type, id, []), default) is not null;
        }
        catch (ServerGoneException)
        {
            return null;
        }
    }

    private void Turn(Going going, Departure state)
    {
        going.State = state;
        Changed?.Invoke();
    }

    private sealed class Going(Entity thing, Commit commit, Notice notice)
    {
        public Entity Thing => thing;
        public Commit Commit => commit;
        public Notice Notice => notice;
        public CancellationTokenSource Stop { get; } = new();
        public Departure State { get; set; }
    }
}

/// <summary>How far it is with a thing that is to be deleted.</summary>
internal enum Departure
{
    /// <summary>There is time to think again.</summary>
    Awaited,
    /// <summary>It was sent, and is sent again until somebody answers.</summary>
    Sent,
    /// <summary>It was taken back after it had been sent; whether it had arrived is not known yet.</summary>
    Withdrawn,
}
