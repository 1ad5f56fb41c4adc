using Xrm.Sdk;
using Xrm.Staff.Door;
using Xrm.Staff.Shell;

namespace Xrm.Staff.Forms;

/// <summary>What became of saving.</summary>
internal enum Outcome
{
    /// <summary>It is saved; or there was nothing to save.</summary>
    Saved,
    /// <summary>Something is wrong with what was typed: the form knows what.</summary>
    Refused,
    /// <summary>Somebody else changed it since it was read.</summary>
    Conflict,
    /// <summary>Nobody answered; sending the same again does nothing twice.</summary>
    Gone,
    /// <summary>It is no more there.</summary>
    Missing,
}

/// <summary>Sends what a form holds. What was sent and not answered is sent again first, under the same id.</summary>
internal sealed class Saver(IDoor door, Session session, Language language)
{
    /// <exception cref="SignedOutException">The session is over.</exception>
    public async Task<Outcome> Save(FormState form, CancellationToken cancellation)
    {
        if (!form.Check())
            return Outcome.Refused;
        try
        {
            if (form.Unanswered is { } unanswered)
                await door.Commit(unanswered, cancellation);
            if (form.Unanswered is not null || form.MayBeThere)
                await Settle(form, cancellation);
            if (form.Commit(language.Today, session.Model) is not { } commit)
                return Outcome.Saved;
            form.Unanswered = commit;
            await door.Commit(commit, cancellation);
            form.Unanswered = null;
            return Outcome.Saved;
        }
        catch (ServerGoneException)
        {
            return Outcome.Gone;
        }
        catch (Problem problem)
        {
            form.Unanswered = null;
            return Told(form, problem);
        }
    }

    /// <summary>The thing as it is now; null when it is no more there.</summary>
    public async Task<Entity?> Now(FormState form, CancellationToken cancellation) =>
        (await door.Find(new SheetRequest(form.Type, form.Id, [.. form.Ends.Offered.Select(e => e.Name)]), cancellation))?.Entity;

    // What was sent is there now: what was typed since goes on from it.
    private async Task Settle(FormState form, CancellationToken cancellation)
    {
        form.Unanswered = null;
        if (await Now(form, cancellation) is { } now)
            form.Rebase(now);
    }

    private static Outcome Told(FormState form, Problem problem)
    {
        if (form.Thing is not null && problem.Faults.Any(f => f.Code == ProblemCode.Conflict))
            return Outcome.Conflict;
        if (form.Thing is not null && problem.Faults.All(f => f.Code == ProblemCode.NotFound))
            return Outcome.Missing;
        form.Take(problem);
        return Outcome.Refused;
    }
}
