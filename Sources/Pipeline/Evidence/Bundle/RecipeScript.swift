import Canon
import Experiment
import LocalStore
import Run
import System

/// A POSIX script of every recipe: commands as they are, all other kinds through `bitlaw`.
struct RecipeScript {
    private let recipes: [BundleWriter.Recipe]
    private let experiment: String

    init(_ recipes: [BundleWriter.Recipe], experiment: String) {
        self.recipes = recipes
        self.experiment = experiment
    }

    var text: String {
        var text = """
            #!/bin/sh
            # Makes the results of this bundle again and compares their digests.
            #
            #   sh recipes.sh             every action, in order
            #   sh recipes.sh ACTION...   these alone
            #
            # Actions of kind `command` run as written here. Every other kind needs the program bitlaw
            # (BITLAW names it), which makes the action and what it needs, and compares it with the lock
            # file. Exit code 4 where bits differ. WORK names the folder to work in.
            set -eu
            here=$(cd "$(dirname "$0")" && pwd)
            work=${WORK:-$(mktemp -d)}
            mkdir -p "$work/made"
            LC_ALL=C.UTF-8 TZ=UTC OPENBLAS_NUM_THREADS=1
            export LC_ALL TZ OPENBLAS_NUM_THREADS
            status=0

            # place DIGEST PATH: an input, from the data of the bundle or from what was made before.
            place() {
              if [ -f "$here/data/$1" ]; then cp "$here/data/$1" "$2"; else cp "$work/made/$1" "$2"; fi
            }

            # check FILE DIGEST ACTION
            check() {
              found=$(sha256sum <"$1")
              found=${found%% *}
              cp "$1" "$work/made/$found"
              if [ "$found" = "$2" ]; then
                echo "identical  $3"
              else
                echo "differs    $3: expected $2, found $found"
                status=4
              fi
            }

            # native ACTION: what bitlaw itself computes.
            native() {
              if "${BITLAW:-bitlaw}" run "$here/\(experiment)" "$1" --locked --store "$work/store" \
            --quiet; then
                echo "identical  $1"
              else
                echo "differs    $1"
                status=4
              fi
            }

            """
        for (number, recipe) in recipes.enumerated() { text += function(number, recipe) }
        text += "\nmake() {\n  case $1 in\n"
        for (number, recipe) in recipes.enumerated() {
            text += "    \(RecipeScript.quoted(recipe.action.name))) recipe_\(number) ;;\n"
        }
        text += "    *) echo \"no action $1\" >&2; exit 2 ;;\n  esac\n}\n\n"
        text += "if [ $# -gt 0 ]; then\n  for action; do make \"$action\"; done\nelse\n"
        for number in recipes.indices { text += "  recipe_\(number)\n" }
        return text + "fi\nexit $status\n"
    }

    private func function(_ number: Int, _ recipe: BundleWriter.Recipe) -> String {
        let kind = recipe.stage.kind
        var text = "\n# \(RecipeScript.comment(recipe.action.name))\n"
        text += "#   \(kind.versionedName), key \(recipe.result.key.hex)\n"
        if recipe.action.frozen != nil {
            let name = RecipeScript.quoted(recipe.action.name)
            return text + "recipe_\(number)() { echo \"frozen     \"\(name); }\n"
        }
        if !kind.runsForeignProgram {
            for (name, value) in recipe.action.parameters.sorted(by: { $0.key < $1.key }) {
                text += "#   \(name): \(RecipeScript.comment(value.canonicalText))\n"
            }
            if let seed = recipe.action.seed { text += "#   seed: \(DerivedSeed.text(seed))\n" }
            return text
                + "recipe_\(number)() { native \(RecipeScript.quoted(recipe.action.name)); }\n"
        }
        let inputs = recipe.document["inputs"]?["inputs"]?.elements ?? []
        text += "recipe_\(number)() {\n  mkdir -p \"$work/\(number)/in\" \"$work/\(number)/work\"\n"
        for (place, input) in inputs.enumerated() {
            let target = "\"$work/\(number)/in/inputs-\(place)\""
            if case .file(let path)? = source(recipe, place) {
                text += "  cp \"$here\"/\(RecipeScript.quoted("experiment/\(path)")) \(target)\n"
            } else {
                text += "  place \(input["digest"]?.text ?? "") \(target)\n"
            }
        }
        let call = CommandCall(parameters: recipe.action.parameters)
        let command = call.arguments(
            inputs: inputs.indices.map(CommandCall.place), seed: recipe.action.seed ?? 0
        ).map(RecipeScript.quoted).joined(separator: " ")
        text += "  (cd \"$work/\(number)/work\" && HOME=$PWD \(command)"
        text += call.writesOutput ? ")\n" : " >../out)\n"
        let made = call.writesOutput ? "work/out" : "out"
        let digest = recipe.result.outputs.first?.digest.hex ?? ""
        text += "  check \"$work/\(number)/\(made)\" \(digest) "
        return text + "\(RecipeScript.quoted(recipe.action.name))\n}\n"
    }

    private func source(_ recipe: BundleWriter.Recipe, _ place: Int) -> InputSource? {
        let sources = recipe.action.inputs.first { $0.port == "inputs" }?.sources ?? []
        return place < sources.count ? sources[place] : nil
    }

    private static func quoted(_ text: String) -> String {
        "'\(text.replacing("'", with: "'\\''"))'"
    }

    private static func comment(_ text: String) -> String {
        String(text.map { $0.isNewline ? " " : $0 })
    }
}
