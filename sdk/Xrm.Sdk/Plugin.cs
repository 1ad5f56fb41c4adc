using Microsoft.Extensions.DependencyInjection;

namespace Xrm.Sdk;

/// <summary>An extension. A plugin assembly has exactly one public class that derives from this, with a constructor without parameters.</summary>
public abstract class Plugin
{
    /// <summary>Its id: lower case letters, digits and hyphens, first a letter; unique among all plugins.</summary>
    public abstract string Id { get; }

    /// <summary>What people read.</summary>
    public abstract Label Title { get; }

    /// <summary>What it is for, in a sentence or two; the title unless said.</summary>
    public virtual Label Description => Title;

    /// <summary>What becomes of data of earlier versions. The build writes into the package what there is, and a plan shows it before it is done.</summary>
    public virtual IEnumerable<Migration> Migrations => [];

    /// <summary>Says what the plugin adds to the model. It must say the same each time: the build writes it into the package, and a difference is refused.</summary>
    /// <param name="model">Reads nothing and opens nothing.</param>
    public abstract void Describe(ModelBuilder model);

    /// <summary>Registers services of its own, which <see cref="PluginContext.Services"/> then answers. They live and are disposed of with the plugin.</summary>
    /// <param name="services">Empty; seen by no other plugin.</param>
    public virtual void AddServices(IServiceCollection services) { }

    /// <summary>Hooks in what the plugin does. Called before its part of the model comes into force, with which the hooks come into force too: what it needs of the data it reads in a hook or a job, not here.</summary>
    /// <param name="hooks">Every place where a plugin can take part; what is added here goes when the plugin goes.</param>
    /// <param name="context">What the plugin may hold while it runs.</param>
    public virtual void Attach(Hooks hooks, PluginContext context) { }
}
