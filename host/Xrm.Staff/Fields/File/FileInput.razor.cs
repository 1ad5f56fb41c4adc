using Microsoft.AspNetCore.Components;
using Xrm.Sdk;
using Xrm.Staff.Door;
using Xrm.Staff.Shell;

namespace Xrm.Staff.Fields;

/// <summary>Asks for a file: it is sent as soon as it is chosen or dropped, and what is saved names it.</summary>
sealed partial class FileInput : IDisposable
{
    /// <summary>So many steps of the way are told to whoever cannot see it.</summary>
    private const int Steps = 4;

    private static readonly Label Removing = Label.Of("Retirer", "Remove");

    private ChosenFile? _sending;
    private CancellationTokenSource? _stop;
    private string _before = "", _told = "";
    private string? _focus;
    private Label? _fault;
    private long _sent;
    private long? _largest;
    private bool _isGone;

    [Inject]
    private IDoor Door { get; set; } = null!;

    private string Area => Id + "-area";

    private FileReference? File => FileKind.Reference(Text);

    private Label Choosing => File is null ? Label.Of("Choisir un fichier", "Choose a file") : Label.Of("Remplacer", "Replace");

    private long Percent => _sending is { Size: > 0 } sending ? Math.Min(100, _sent * 100 / sending.Size) : 0;

    private string Limit => _largest is { } most ? L[Label.Of($"{FileKind.Size(Language, most)} au plus.", $"At most {FileKind.Size(Language, most)}.")] : "";

    /// <summary>What is wrong. What was on its way when the page was loaded again is with nobody now.</summary>
    private Label? Fault => _fault ?? (_sending is null && FileKind.NameOnItsWay(Text) is { } name
        ? Label.Of($"L'envoi de « {name} » a été interrompu. Choisissez à nouveau le fichier.", $"Sending \"{name}\" was interrupted. Choose the file again.")
        : null);

    private string Described => string.Join(' ', new[] { DescribedBy, $"{Id}-limit", Fault is null ? null : $"{Id}-sending" }.Where(i => i is not null));

    protected override async Task OnInitializedAsync() => _largest = await Door.LargestFile();

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
            Browser.TakeFiles(Area, (key, name, size) => Taken(new(key, name, (long)size)));
        if (_focus is not { } selector)
            return;
        _focus = null;
        Browser.FocusIfLost(selector);
    }

    /// <summary>From the browser's script, which waits for nobody: what goes wrong here goes where it does in any component.</summary>
    private async void Taken(ChosenFile file)
    {
        try
        {
            await InvokeAsync(() => Take(file));
        }
        catch (Exception e)
        {
            await DispatchExceptionAsync(e);
        }
    }

    /// <summary>A file was chosen or dropped here.</summary>
    private async Task Take(ChosenFile file)
    {
        if (_sending is null && !_isGone)
        {
            _fault = null;
            if (file.Size > _largest)
            {
                var (size, most) = (FileKind.Size(Language, file.Size), FileKind.Size(Language, _largest.Value));
                _fault = Label.Of($"« {file.Name} » fait {size} ; {most} au plus.", $"\"{file.Name}\" has {size}; at most {most}.");
                StateHasChanged();
            }
            else
            {
                await Send(file);
            }
        }
        Browser.ForgetFile(file.Key);
    }

    private async Task Send(ChosenFile file)
    {
        using var stop = new CancellationTokenSource();
        (_sending, _stop, _sent, _focus) = (file, stop, 0, "#" + Id);
        _before = FileKind.NameOnItsWay(Text) is null ? Text : "";
        _told = L[Label.Of($"Envoi de {file.Name}…", $"Sending {file.Name}…")];
        await TextChanged.InvokeAsync(FileKind.Sending(file.Name));
        StateHasChanged();
        var text = _before;
        try
        {
            text = FileKind.Write(await Door.Send(file, new Progress(this), stop.Token));
            _told = L[Label.Of($"{file.Name} est envoyé. Enregistrez pour le garder.", $"{file.Name} is sent. Save to keep it.")];
        }
        catch (OperationCanceledException)
        {
            _told = L[Label.Of("Envoi annulé.", "Sending was cancelled.")];
        }
        catch (Problem problem)
        {
            _fault = problem.Faults[0].Message;
        }
        catch (ServerGoneException)
        {
            _fault = Label.Of($"Le serveur ne répond pas : « {file.Name} » n'est pas envoyé. Choisissez-le à nouveau quand il répondra.", $"The server does not answer: \"{file.Name}\" is not sent. Choose it again once it does.");
        }
        catch (SignedOutException)
        {
            _fault = Label.Of("Votre session est terminée. Connectez-vous dans un autre onglet, puis choisissez à nouveau le fichier.", "Your session is over. Sign in in another tab, then choose the file again.");
        }
        if (_fault is not null)
            _told = "";
        (_sending, _stop, _focus) = (null, null, "#" + Id);
        if (_isGone)
            return;
        await TextChanged.InvokeAsync(text);
        StateHasChanged();
    }

    private void Choose() => Browser.ChooseFile(Area);

    private void Stop() => _stop?.Cancel();

    private async Task Remove()
    {
        (_fault, _told, _focus) = (null, L[Label.Of("Fichier retiré.", "File removed.")], "#" + Id);
        await TextChanged.InvokeAsync("");
    }

    private void Sent(long bytes)
    {
        var step = Percent * Steps / 100;
        _sent = bytes;
        if (_sending is { } file && Percent * Steps / 100 is var now && now > step && now < Steps)
            _told = L[Label.Of($"{file.Name} : {Percent} %", $"{file.Name}: {Percent}%")];
        StateHasChanged();
    }

    /// <summary>Whoever leaves stops what is sent.</summary>
    public void Dispose()
    {
        _isGone = true;
        _stop?.Cancel();
    }

    /// <summary>Told at once and in order.</summary>
    private sealed class Progress(FileInput input) : IProgress<long>
    {
        public void Report(long value) => input.Sent(value);
    }
}
