using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Components.WebAssembly.Hosting;
using Xrm.Staff;
using Xrm.Staff.Door;
using Xrm.Staff.Forms;
using Xrm.Staff.Shell;

var builder = WebAssemblyHostBuilder.CreateDefault(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.RootComponents.Add<App>("#app");
builder.RootComponents.Add<HeadOutlet>("head::after");
builder.Services
    .AddSingleton(TimeProvider.System)
    .AddSingleton(new HttpClient { BaseAddress = new Uri(builder.HostEnvironment.BaseAddress) })
    .AddSingleton<Language>()
    .AddSingleton<Browser>()
    .AddSingleton<Connection>()
    .AddSingleton<Wire>()
    .AddSingleton<Socket>()
    .AddSingleton<IDoor, GraphDoor>()
    .AddSingleton<Session>()
    .AddSingleton<Notices>()
    .AddSingleton<Saver>()
    .AddSingleton<Drafts>()
    .AddSingleton<Deletions>()
    .AddSingleton<Recents>();
await builder.Build().RunAsync();
