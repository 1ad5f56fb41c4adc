using Microsoft.AspNetCore.Components;
using Xrm.Sdk;
using Xrm.Staff.Door;
using Xrm.Staff.Shell;

namespace Xrm.Staff.Things;

/// <summary>A dialog that sends one commit: what could not be sent stays in it, and is sent again as the same commit.</summary>
public abstract class Sending : ComponentBase
{
    private Commit? _unanswered;

    [Inject]
    private IDoor Door { get; set; } = null!;

    /// <summary>What was to be done is done.</summary>
    [Parameter]
    public EventCallback Saved { get; set; }

    private protected bool IsBusy { get; private set; }

    /// <summary>What is wrong with the whole; null when nothing is known to be.</summary>
    private protected Label? Wrong { get; set; }

    /// <summary>Sends; whether it is done.</summary>
    private protected async Task<bool> Send(params Edit[] edits)
    {
        var commit = _unanswered is { } same && same.Edits.SequenceEqual(edits) ? same : new Commit(EntityId.New(), [.. edits]);
        (IsBusy, Wrong) = (true, null);
        try
        {
            await Door.Commit(commit, default);
            _unanswered = null;
            await Saved.InvokeAsync();
            return true;
        }
        catch (Problem problem)
        {
            _unanswered = null;
            Wrong = Take(problem);
        }
        catch (ServerGoneException)
        {
            _unanswered = commit;
            Wrong = Label.Of("Le serveur ne répond pas. Réessayez : rien ne sera fait deux fois.", "The server does not answer. Try again: nothing will be done twice.");
        }
        catch (SignedOutException)
        {
            Browser.GoSignIn();
        }
        finally
        {
            IsBusy = false;
        }
        return false;
    }

    /// <summary>Takes what the server says is wrong; answers what is about the whole, null when nothing is.</summary>
    private protected virtual Label? Take(Problem problem) => problem.Faults.Any(f => f.Code == ProblemCode.Conflict)
        ? Label.Of("Quelqu'un d'autre vient de modifier cette relation. Fermez, regardez ce qu'elle est devenue, puis recommencez.", "Somebody else has just changed this relationship. Close this, look at what became of it, then start again.")
        : problem.Faults[0].Message;
}
